#include "actors/training/data/split.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace artel::training {
namespace {

/// A number from 0 to below 1 that a hash stands for.
double unit(std::uint64_t hash) { return static_cast<double>(hash >> 11U) * 0x1.0p-53; }

part part_at(double place, const split_request& how) {
  return place < how.test                    ? part::test
         : place < how.test + how.validation ? part::validation
                                             : part::train;
}

std::uint64_t row_hash(const table& of, std::size_t row, std::uint64_t seed) {
  auto hash = seed;
  for (const auto& each : of.columns) {
    if (each.spec.role == column_role::id) continue;
    if (each.is_number()) {
      std::uint64_t bits = 0;
      if (!each.missing(row)) std::memcpy(&bits, &each.numbers[row], sizeof bits);
      hash = XXH3_64bits_withSeed(&bits, sizeof bits, hash + each.missing(row));
    } else {
      const auto text = each.text_of(row);
      hash = XXH3_64bits_withSeed(text.data(), text.size(), hash);
    }
  }
  return hash;
}

outcome<done> by_declaration(const table& of, const column& said, std::vector<part>& parts) {
  for (std::size_t i = 0; i < of.rows(); ++i) {
    const auto word = said.text_of(i);
    if (word == "train")
      parts[i] = part::train;
    else if (word == "validation" || word == "valid" || word == "dev")
      parts[i] = part::validation;
    else if (word == "test")
      parts[i] = part::test;
    else if (word == "excluded")
      parts[i] = part::excluded;
    else
      return bad_input(of.place(i, said) + "'" + word +
                       "'; expected train, validation, test or excluded");
  }
  return done{};
}

/// A declared split without validation rows: some of the training become that, whole queries at a
/// time.
void carve_validation(const table& of, const split_request& how, std::vector<part>& parts) {
  if (std::find(parts.begin(), parts.end(), part::validation) != parts.end()) return;
  const auto* groups = of.of_role(column_role::query);
  if (groups == nullptr) groups = of.of_role(column_role::group);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] != part::train) continue;
    const auto text = groups == nullptr ? std::string() : groups->text_of(i);
    const auto hash = groups == nullptr ? row_hash(of, i, how.seed)
                                        : XXH3_64bits_withSeed(text.data(), text.size(), how.seed);
    if (unit(hash) < how.validation) parts[i] = part::validation;
  }
}

outcome<done> by_group(const table& of, const column& groups, const split_request& how,
                       std::vector<part>& parts) {
  for (std::size_t i = 0; i < of.rows(); ++i) {
    if (groups.missing(i))
      return bad_input(of.place(i, groups) + "has no value, but rows are divided by it");
    const auto text = groups.text_of(i);
    parts[i] = part_at(unit(XXH3_64bits_withSeed(text.data(), text.size(), how.seed)), how);
  }
  return done{};
}

outcome<done> by_time(const table& of, const column& time, const split_request& how,
                      std::vector<part>& parts) {
  if (!time.is_number())
    return bad_input(of.path + ": rows can not be divided by the time '" + time.spec.name +
                     "': it is neither a timestamp nor a number");
  std::vector<std::uint32_t> order(of.rows());
  std::iota(order.begin(), order.end(), 0U);
  for (const auto i : order)
    if (time.missing(i))
      return bad_input(of.place(i, time) + "has no value, but rows are divided by it");
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return time.numbers[a] < time.numbers[b]; });
  const auto rows = static_cast<double>(of.rows());
  const auto first_at = [&](double share) {
    auto at = static_cast<std::size_t>(rows * (1 - share) + 0.5);
    // Rows of one moment stay together.
    while (at > 0 && at < order.size() && time.numbers[order[at]] == time.numbers[order[at - 1]])
      ++at;
    return at;
  };
  const auto validation = first_at(how.test + how.validation), test = first_at(how.test);
  for (std::size_t k = 0; k < order.size(); ++k)
    parts[order[k]] = k >= test ? part::test : k >= validation ? part::validation : part::train;
  return done{};
}

outcome<row_parts> lists_of(const table& of, const std::vector<part>& parts,
                            const split_request& how, bool declared) {
  row_parts made;
  for (std::uint32_t i = 0; i < parts.size(); ++i)
    if (parts[i] != part::excluded)
      (parts[i] == part::train        ? made.train
       : parts[i] == part::validation ? made.validation
                                      : made.test)
          .push_back(i);
  const auto lacks = [&](const std::vector<std::uint32_t>& list, const char* name, double share) {
    const bool needed = declared ? std::string_view(name) == "training" ||
                                       (std::string_view(name) == "test" && !how.test_elsewhere)
                                 : share > 0;
    return list.empty() && needed ? std::string(name) : std::string();
  };
  for (const auto& name : {lacks(made.train, "training", 1), lacks(made.test, "test", how.test),
                           lacks(made.validation, "validation", how.validation)})
    if (!name.empty())
      return bad_input(of.path + ": of its " + std::to_string(of.rows()) +
                       " rows none comes into the " + name +
                       " part (rows that are equal but for ids, and whole groups, stay together); "
                       "more rows are needed, or other shares");
  return made;
}

}  // namespace

outcome<row_parts> split_rows(const table& of, const split_request& how) {
  if (!(how.test >= 0) || !(how.validation >= 0) || !(how.test + how.validation < 1))
    return bad_input(
        "the shares of test and validation must be at least 0 and together less than 1");
  std::vector<part> parts(of.rows());
  outcome<done> divided = done{};
  const auto* said = of.of_role(column_role::split);
  const auto* groups = of.of_role(column_role::group);
  if (groups == nullptr) groups = of.of_role(column_role::query);
  if (how.by == "time" && groups != nullptr)
    return bad_input(of.path + ": by time the rows of one '" + groups->spec.name +
                     "' would come into two parts; divide by hash, or say the parts in a column");
  if (how.by == "time" || (how.by == "group" && (groups == nullptr || !how.column.empty()))) {
    groups = of.find(how.column);
    if (groups == nullptr)
      return bad_input(of.path + ": has no column '" + how.column + "' to divide its rows by");
  }
  if (said != nullptr) {
    divided = by_declaration(of, *said, parts);
    if (divided) carve_validation(of, how, parts);
  } else if (how.by == "time") {
    divided = by_time(of, *groups, how, parts);
  } else if (groups != nullptr) {
    divided = by_group(of, *groups, how, parts);
  } else if (how.by == "hash") {
    for (std::size_t i = 0; i < of.rows(); ++i)
      parts[i] = part_at(unit(row_hash(of, i, how.seed)), how);
  } else {
    return bad_input("split by '" + how.by + "': expected hash, group or time");
  }
  if (!divided) return divided.error();
  return lists_of(of, parts, how, said != nullptr);
}

}  // namespace artel::training
