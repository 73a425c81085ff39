// Native steps that every node offers: nothing, waiting, writing a file, failing and crashing on
// purpose. They measure and test the way that real steps go.
#pragma once

#include "actors/native_step.hpp"

namespace artel::work {

void offer_core_steps(native_step_registry& registry);

}  // namespace artel::work
