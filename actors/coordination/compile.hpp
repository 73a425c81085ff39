// A pipeline's text to a graph that can run: read (config), validated with its templates and
// expressions (core). Shared by the coordinator, recovery and `artel validate`, so that all three
// say the same of the same file. No actor in here.
#pragma once

#include <memory>
#include <string>

#include "actors/core/graph.hpp"

namespace artel::coordination {

outcome<std::shared_ptr<const core::graph>> compile(const std::string& text,
                                                    const std::string& file);

/// The same for what the journal holds, which was checked when it was submitted: this host may lack
/// a time zone that its schedules name.
outcome<std::shared_ptr<const core::graph>> recompile(const std::string& text,
                                                      const std::string& file);

}  // namespace artel::coordination
