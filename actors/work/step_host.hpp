// What runs inside a step host process: native steps on a thread of its own, commands as child
// processes, one attempt after the other. The main thread listens to the worker; when the worker is
// gone, so is everything the host started.
#pragma once

#include "actors/native_step.hpp"

namespace artel::work {

/// Serves orders from `control` (a stream socket to the worker) until it closes. `slot` chooses the
/// cores that a command with a limit is bound to; -1: the kernel keeps the limit. Returns the
/// process's exit code.
int serve_step_host(int control, int slot, const std::string& attempts,
                    const native_step_registry& steps);

}  // namespace artel::work
