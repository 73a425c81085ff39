// A step's definition with the values of one run: what a worker is told to do.
#pragma once

#include "actors/core/expression.hpp"
#include "actors/core/graph.hpp"
#include "actors/core/template_text.hpp"
#include "messages/dispatch.hpp"

namespace artel::core {

constexpr std::size_t plan_bytes_max = 1U << 20;
constexpr std::size_t instance_bytes_max = 64U << 10;  ///< of the values of one instance

struct rendered_step {
  step_plan plan;
  std::vector<instance_value> per_instance;  ///< what the plan's markers stand for
};

/// Bytes of a plan's texts.
std::size_t plan_bytes(const step_plan& plan);

/// Templates filled in (but `${instance}`), shell lines made argv. Trouble when a value can not be
/// computed, the plan is larger than plan_bytes_max, or its output is no absolute path;
/// `unavailable` when it reads what `from` can not tell yet.
outcome<rendered_step> render(const graph& plan, std::uint32_t step, const run_id& run,
                              const lookup& from);

/// The values of one instance; `from` is made for it.
outcome<std::vector<std::string>> values_of_instance(const rendered_step& step, const lookup& from);

}  // namespace artel::core
