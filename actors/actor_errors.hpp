// How an actor ends with a sentence: the text of what it threw reaches its supervisor and whoever
// waits for its answer.
#pragma once

#include <caf/error.hpp>
#include <caf/scheduled_actor.hpp>
#include <string>

namespace artel {

/// The text with which an actor ended: what it threw, or the reason's name.
std::string text_of(const caf::error& reason);
/// An error that carries a sentence; the down message shows it again.
caf::error failure(std::string text);

/// Makes exceptions of an actor's handlers end it with their text as reason. Call in make_behavior.
void end_with_text_of_exceptions(caf::scheduled_actor& self);

}  // namespace artel
