#include "actors/analysis/rules/selection.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "actors/analysis/text/unicode.hpp"
#include "messages/spelling.hpp"

namespace artel::analysis {
namespace {

using key_map = std::multimap<std::string, rule_id, std::less<>>;

const key_map& keys() {
  static const auto made = [] {
    key_map all;
    for (const auto& each : all_rules()) {
      all.emplace(std::string(each.id), each.number);
      for (auto list : {each.bsl_ls, each.edt, each.apk}) {
        while (!list.empty()) {
          const auto end = std::min(list.find(' '), list.size());
          if (const auto key = fold(list.substr(0, end)); key != each.id)
            all.emplace(key, each.number);
          list.remove_prefix(std::min(end + 1, list.size()));
        }
      }
    }
    return all;
  }();
  return made;
}

}  // namespace

std::vector<rule_id> rules_of_key(std::string_view key) {
  std::vector<rule_id> found;
  const auto [first, last] = keys().equal_range(fold(key));
  for (auto each = first; each != last; ++each) found.push_back(each->second);
  return found;
}

rule_selection::rule_selection() {
  for (const auto& each : all_rules()) on_.push_back(each.by_default);
}

outcome<rule_selection> rule_selection::read(std::string_view list) {
  rule_selection made;
  bool first = true;
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(", \t\r\n"), list.size());
    auto entry = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (entry.empty()) continue;
    const bool off = entry.front() == '-';
    const bool plain = !off && entry.front() != '+';
    if (!plain) entry.remove_prefix(1);
    if (first && plain) made.on_.assign(made.on_.size(), false);
    first = false;
    if (entry == "all") {
      made.on_.assign(made.on_.size(), !off);
      continue;
    }
    const auto meant = rules_of_key(entry);
    if (meant.empty()) {
      std::vector<std::string> ids;
      for (const auto& each : all_rules()) ids.emplace_back(each.id);
      return bad_input("rules: there is no rule '" + std::string(entry) + "'" +
                       did_you_mean(entry, ids) + "; `artel lint --list-rules` shows all");
    }
    for (const auto each : meant) made.on_[static_cast<std::size_t>(each)] = !off;
  }
  return made;
}

}  // namespace artel::analysis
