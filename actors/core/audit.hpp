// A change that somebody asked for, as a fact of no run: for the audit log.
#pragma once

#include <algorithm>
#include <string>

#include "actors/core/fact.hpp"
#include "messages/outcome.hpp"

namespace artel::core {

/// Four lines: who, from where, what was asked, what was answered.
inline fact change_fact(const std::string& by, const std::string& from, const std::string& what,
                        trouble_code code, const std::string& answer, std::int64_t at_ms) {
  const auto in_a_line = [](std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  };
  fact noted;
  noted.kind = fact_kind::change_asked;
  noted.at_ms = at_ms;
  noted.number = static_cast<std::int64_t>(code);
  noted.text =
      in_a_line(by) + '\n' + in_a_line(from) + '\n' + in_a_line(what) + '\n' + in_a_line(answer);
  return noted;
}

}  // namespace artel::core
