// What the expressions of a pipeline may read of a run. Only what follows from the journal, so that
// a run that is recovered decides as it did before.
#pragma once

#include "actors/core/expression.hpp"
#include "actors/core/run.hpp"

namespace artel::core {

/// For expressions of one step. Lives no longer than what it is made of.
class run_values : public lookup {
public:
  run_values(const run& of, std::uint32_t step, std::optional<std::uint32_t> instance = {})
      : plan_(of.plan()),
        submitted_(of.submitted()),
        submitted_ms_(of.submitted_ms()),
        of_(&of),
        step_(step),
        instance_(instance) {}
  /// Before there is a run; what other steps have done is `unavailable` trouble.
  run_values(const graph& plan, const submission& what, std::int64_t now_ms, std::uint32_t step,
             std::optional<std::uint32_t> instance = {})
      : plan_(plan), submitted_(what), submitted_ms_(now_ms), step_(step), instance_(instance) {}

  outcome<done> find(const reference& what, any_value& into) const override;
  const any_value* refer(const reference& what) const override;

private:
  outcome<done> find_parameter(const reference& what, any_value& into) const;
  outcome<done> find_in_matrix(const std::string& key, any_value& into) const;
  outcome<done> find_in_item(const std::string& key, any_value& into) const;
  outcome<done> find_path(const reference& what, any_value& into) const;
  outcome<done> find_verdict(const std::string& key, any_value& into) const;
  std::string fact_of_run(const std::string& key) const;

  const graph& plan_;
  const submission& submitted_;
  std::int64_t submitted_ms_;
  const run* of_ = nullptr;
  std::uint32_t step_;
  std::optional<std::uint32_t> instance_;                       ///< counted from 0 within the step
  mutable std::vector<std::shared_ptr<const any_value>> held_;  ///< what was referred to
};

/// {state, error, result, results} of a step.
any_value what_became_of(const run& of, std::uint32_t step);

/// Differs from instance to instance of a step.
bool reads_instance(const std::vector<reference>& reads);

/// Is about folders that only the node of an attempt knows.
bool reads_paths(const std::vector<reference>& reads);

/// Root that stands for params in a text that is nothing but `${params.NAME}`: as given, not as its
/// type reads it.
constexpr std::string_view params_as_given = "params as given";

/// Refuses what no run of this pipeline can give: unknown roots, parameters, steps, and steps that
/// `step` does not need, directly or through others. nullopt: nothing is wrong.
std::optional<trouble> refuse_reads(const graph& plan, std::uint32_t step,
                                    const std::vector<reference>& reads);

/// Computes what does not hang on other steps, so that a mistake is heard of before a run begins.
outcome<done> check_values(const graph& plan, const submission& said, std::int64_t now_ms);

}  // namespace artel::core
