// Texts with `${expression}` in them; `$${` is a literal `${`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/expression.hpp"
#include "messages/pipeline.hpp"

namespace artel::core {

/// Computed for each instance; the text is for messages.
struct instance_value {
  std::string text;
  expression computed;
};

class text_template {
public:
  /// Trouble names the text and what is wrong in it. `${params.NAME}` is the parameter, also when
  /// its name holds '-' or '.', which are operators elsewhere.
  static outcome<text_template> parse(std::string_view text,
                                      const std::vector<parameter_definition>& params = {});

  /// What differs from instance to instance becomes a marker (messages/dispatch.hpp), which the
  /// step host fills in, and is appended to `per_instance`.
  outcome<std::string> fill(const lookup& from, std::vector<instance_value>& per_instance) const;

  const std::vector<reference>& reads() const { return reads_; }

private:
  struct piece {
    std::string text;  ///< literal, or that of the expression for messages
    std::optional<expression> computed;
  };
  std::vector<piece> pieces_;
  std::vector<reference> reads_;
};

/// Calls visit(text) for every text of the step that may hold templates.
template <class Visit>
void each_template(const step_definition& step, Visit&& visit) {
  for (const auto& [key, value] : step.with) visit(value);
  for (const auto& [key, value] : step.env) visit(value);
  for (const auto& word : step.command) visit(word);
  for (const auto* text : {&step.shell, &step.cwd, &step.output}) visit(*text);
}

}  // namespace artel::core
