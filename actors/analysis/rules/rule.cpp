#include "actors/analysis/rules/rule.hpp"

#include <algorithm>
#include <array>

#include "actors/analysis/rules/rule_tables.hpp"
#include "actors/analysis/rules/syntax_words.hpp"
#include "messages/outcome.hpp"

namespace artel::analysis {
namespace {

constexpr std::array severity_names = {"info", "minor", "major", "critical", "blocker"};
constexpr std::array kind_names = {"code_smell", "bug", "vulnerability"};

std::vector<rule> build() {
  std::vector<rule> all;
  for (const auto part : {tables::modules(), tables::methods(), tables::statements(),
                          tables::platform(), tables::texts()})
    all.insert(all.end(), part.begin(), part.end());
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  ARTEL_ASSERT(all.size() == rule_count, "every rule_id has one row in the tables");
  for (std::size_t i = 0; i < all.size(); ++i)
    ARTEL_ASSERT(static_cast<std::size_t>(all[i].number) == i, "no rule has two rows");
  return all;
}

}  // namespace

const char* to_text(severity value) { return severity_names[static_cast<std::size_t>(value)]; }
const char* to_text(rule_kind value) { return kind_names[static_cast<std::size_t>(value)]; }

std::optional<severity> severity_of(std::string_view text) {
  for (std::size_t i = 0; i < severity_names.size(); ++i)
    if (text == severity_names[i]) return static_cast<severity>(i);
  return std::nullopt;
}

std::span<const rule> all_rules() {
  static const auto all = build();
  return all;
}

const rule& rule_of(rule_id id) { return all_rules()[static_cast<std::size_t>(id)]; }

const rule* find_rule(std::string_view id) {
  for (const auto& each : all_rules())
    if (each.id == id) return &each;
  return nullptr;
}

std::string standard_url(const rule& which) {
  if (which.standard == 0) return "";
  return "https://its.1c.ru/db/v8std#content:" + std::to_string(which.standard) + ":hdoc";
}

std::optional<language> language_of(std::string_view text) {
  if (text == "ru") return language::russian;
  if (text == "en") return language::english;
  return std::nullopt;
}

std::string_view title(const rule& which, language in) {
  return in == language::russian ? which.title_ru : which.title_en;
}

std::string message(const rule& which, std::string_view detail, language in) {
  const auto pattern = in == language::russian ? which.message_ru : which.message_en;
  if (pattern.empty()) return std::string(title(which, in));
  const auto hole = pattern.find("{}");
  if (hole == std::string_view::npos) return std::string(pattern);
  const bool translated = in == language::russian && which.number == rule_id::syntax_error;
  return std::string(pattern.substr(0, hole)) +
         (translated ? russian_syntax(detail) : std::string(detail)) +
         std::string(pattern.substr(hole + 2));
}

}  // namespace artel::analysis
