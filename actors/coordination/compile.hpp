// A pipeline's text to a graph that can run: read (config), validate as a graph (core), check every
// template. Shared by the coordinator, recovery and `artel validate`, so that all three say the
// same of the same file. No actor in here.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "actors/core/graph.hpp"
#include "messages/dispatch.hpp"

namespace artel::coordination {

outcome<std::shared_ptr<const core::graph>> compile(const std::string& text,
                                                    const std::string& file);

/// The plan of a step for one run: templates filled in (but `${instance}`), shell lines made argv.
step_plan make_plan(const core::graph& plan, std::uint32_t step, const run_id& run,
                    const std::map<std::string, std::string>& params);

}  // namespace artel::coordination
