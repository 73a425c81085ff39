// What the tests of rules share: the rules of one module without files, and a whole run over one
// common module.
#pragma once

#include <string>
#include <vector>

#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/rules/module_rules.hpp"
#include "actors/analysis/rules/rule.hpp"
#include "tests/unit/analysis/support.hpp"

namespace artel::analysis::test {

using list = std::vector<std::string>;
using numbers = std::vector<std::uint32_t>;

inline module_review review(std::string_view text, const std::string& type = "CommonModule",
                            const std::string& owner = "CommonModule.M") {
  bsl::token_log log;
  module_entry entry;
  entry.module_type = type;
  entry.owner = owner;
  entry.id = owner + "." + type;
  entry.line_ends = "lf";
  entry.syntax = bsl::parse_module(text, &log);
  return look_at_module({entry, text, log});
}

/// Lines in which the rule is broken.
inline numbers lines(std::string_view rule, std::string_view text,
                     const std::string& type = "CommonModule",
                     const std::string& owner = "CommonModule.M") {
  numbers found;
  for (const auto& each : review(text, type, owner).findings)
    if (rule_of(static_cast<rule_id>(each.rule)).id == rule) found.push_back(each.line_start);
  return found;
}

/// What the rule's findings point at.
inline list places(std::string_view rule, std::string_view text,
                   const std::string& type = "CommonModule") {
  list found;
  for (const auto& each : review(text, type).findings)
    if (rule_of(static_cast<rule_id>(each.rule)).id == rule)
      found.emplace_back(each.where.in(text));
  return found;
}

inline list details(std::string_view rule, std::string_view text,
                    const std::string& type = "CommonModule") {
  list found;
  for (const auto& each : review(text, type).findings)
    if (rule_of(static_cast<rule_id>(each.rule)).id == rule) found.push_back(each.detail);
  return found;
}

/// A procedure around statements; they begin in line 2.
inline std::string body(std::string_view statements) {
  return "Процедура П(А, Б)\n" + std::string(statements) + "\nКонецПроцедуры\n";
}

/// "rule line" of all findings in one common module, from the sources to the report.
inline list findings(std::string_view text, const std::map<std::string, std::string>& with = {}) {
  temporary_folder sources;
  temporary_folder output;
  one_module(sources.path(), text);
  list found;
  if (!run("edt.parse", output.path(), {{"config_path", sources.path().string()}}) ||
      !run("edt.best_practices", output.path(), with))
    return {"the steps failed"};
  const auto report = load(output.path() / "analysis" / "best_practices.json");
  for (const auto& each : report["findings"])
    found.push_back(each["rule_id"].get<std::string>() + " " +
                    std::to_string(each["range"]["start_line"].get<int>()));
  return found;
}

}  // namespace artel::analysis::test
