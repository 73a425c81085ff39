#include "actors/training/steps/options.hpp"

#include <numeric>

#include "actors/training/models/model_folder.hpp"

namespace artel::training {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

[[noreturn]] void refuse(const std::string& key, const std::string& value,
                         const std::string& expected) {
  throw data_mistake{"with: " + key + ": '" + value + "'; expected " + expected};
}

}  // namespace

std::string step_options::text(const std::string& key, const std::string& otherwise) const {
  const auto found = with_.find(key);
  return found == with_.end() || found->second.empty() ? otherwise : found->second;
}

std::string step_options::required(const std::string& key) const {
  auto value = text(key);
  if (value.empty()) throw data_mistake{"with: " + key + ": is needed and has no value"};
  return value;
}

double step_options::real(const std::string& key, double otherwise, double min, double max) const {
  double value = otherwise;
  if (const auto given = text(key);
      !given.empty() && (!read_number(given, value) || value < min || value > max))
    refuse(key, given, "a number from " + std::to_string(min) + " to " + std::to_string(max));
  return value;
}

std::uint64_t step_options::whole(const std::string& key, std::uint64_t otherwise,
                                  std::uint64_t min, std::uint64_t max) const {
  const auto value =
      real(key, static_cast<double>(otherwise), static_cast<double>(min), static_cast<double>(max));
  if (value != std::floor(value)) refuse(key, text(key), "a whole number");
  return static_cast<std::uint64_t>(value);
}

std::vector<std::string> step_options::list(const std::string& key) const {
  const auto given = text(key);
  std::vector<std::string> made;
  for (std::size_t at = 0; at <= given.size();) {
    const auto end = std::min(given.find(',', at), given.size());
    if (auto one = trimmed(given.substr(at, end - at)); !one.empty())
      made.push_back(std::move(one));
    at = end + 1;
  }
  return made;
}

std::map<std::string, std::string> step_options::pairs(const std::string& key) const {
  std::map<std::string, std::string> made;
  for (const auto& each : list(key)) {
    const auto sign = each.find('=');
    if (sign == std::string::npos || sign == 0) refuse(key, each, "name=value");
    if (!made.emplace(trimmed(each.substr(0, sign)), trimmed(each.substr(sign + 1))).second)
      refuse(key, each, "each name once");
  }
  return made;
}

declared_schema declared_in(const step_options& options) {
  declared_schema made;
  if (const auto path = options.text("schema"); !path.empty()) {
    const auto text = read_whole(path);
    if (!text) throw data_mistake{"schema " + text.error().text};
    auto read = read_declared_schema(*text, path);
    if (!read) throw data_mistake{read.error().text};
    made = *std::move(read);
  }
  const auto declare = [&](const char* key, column_role role) {
    for (const auto& name : options.list(key)) made.roles[name] = role;
  };
  declare("target", column_role::target);
  declare("query", column_role::query);
  declare("user", column_role::user);
  declare("item", column_role::item);
  declare("weight", column_role::weight);
  declare("group", column_role::group);
  declare("id", column_role::id);
  declare("ignore", column_role::ignored);
  declare("split_column", column_role::split);
  if (options.list("target").size() > 1)
    refuse("target", options.text("target"), "the name of one column");
  return made;
}

split_request split_in(const step_options& options) {
  split_request made;
  made.test = options.real("test_share", options.text("test").empty() ? 0.2 : 0.0, 0, 0.95);
  made.validation = options.real("validation_share", 0.1, 0, 0.95);
  made.by = options.text("split_by", "hash");
  made.test_elsewhere = !options.text("test").empty();
  const auto groups = options.list("group");
  made.column = made.by == "time" ? options.text("time") : groups.empty() ? "" : groups.front();
  // Not the training's seed: another training is to be judged by the same rows.
  made.seed = options.whole("split_seed", 1, 0, 1ULL << 53U);
  return made;
}

table open_table(const std::string& path, task what, const step_options& options) {
  auto schema = infer_schema(path, declared_in(options));
  for (auto& each : schema.columns) {
    // What is read as a number keeps its places, e.g. 007 as a class; classes are words.
    if (each.role == column_role::target && what == task::classification)
      each.kind = column_kind::categorical;
    const bool side = each.role == column_role::user || each.role == column_role::item;
    const bool divides = each.name == options.text("time") && !each.name.empty();
    if (what == task::recommendation && each.role == column_role::feature && !side && !divides)
      each.role = column_role::ignored;
  }
  return load_table(path, schema);
}

std::vector<std::uint32_t> all_rows(const table& of) {
  std::vector<std::uint32_t> made(of.rows());
  std::iota(made.begin(), made.end(), 0U);
  return made;
}

}  // namespace artel::training
