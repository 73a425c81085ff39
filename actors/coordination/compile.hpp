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

/// Bytes of a plan's texts; more than plan_bytes_max is refused when a run is submitted.
std::size_t plan_bytes(const step_plan& plan);
constexpr std::size_t plan_bytes_max = 1U << 20;

}  // namespace artel::coordination
