// The parts of the table of rules, by what they look at; `all_rules` puts them together.
#pragma once

#include "actors/analysis/rules/rule.hpp"

namespace artel::analysis::tables {

std::span<const rule> modules();
std::span<const rule> methods();
std::span<const rule> statements();
std::span<const rule> platform();
std::span<const rule> texts();

inline constexpr auto info = severity::info;
inline constexpr auto minor = severity::minor;
inline constexpr auto major = severity::major;
inline constexpr auto critical = severity::critical;
inline constexpr auto blocker = severity::blocker;
inline constexpr auto smell = rule_kind::code_smell;
inline constexpr auto bug = rule_kind::bug;
inline constexpr auto vulnerability = rule_kind::vulnerability;
inline constexpr bool on = true;
inline constexpr bool off = false;

}  // namespace artel::analysis::tables
