#include "config/matrix.hpp"

#include <algorithm>

#include "messages/spelling.hpp"

namespace artel::config {
namespace {

constexpr std::uint64_t combinations_max = 1'000'000;

using excluded = std::vector<std::pair<std::size_t, std::string>>;  ///< axis, value

excluded read_exclusion(const yaml_reader& in, const YAML::Node& map, const std::string& what,
                        const std::vector<matrix_axis>& axes) {
  std::vector<std::string> names;
  for (const auto& axis : axes) names.push_back(axis.name);
  excluded made;
  in.keys(map, what, names, [&](const auto& key, const auto&, const auto& value) {
    const auto axis =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), key) - names.begin());
    const auto text = in.text(value, what + "." + key);
    const auto& known = axes[axis].values;
    if (std::find(known.begin(), known.end(), text) == known.end())
      in.mistake(value, what + "." + key + ": '" + text + "' is not a value of it" +
                            did_you_mean(text, known));
    made.emplace_back(axis, text);
  });
  if (made.empty()) in.mistake(map, what + ": expected at least one key");
  return made;
}

bool is_excluded(std::uint32_t number, const std::vector<matrix_axis>& axes,
                 const std::vector<excluded>& all) {
  std::vector<const std::string*> values(axes.size());
  for (auto i = axes.size(); i-- > 0;) {
    const auto size = static_cast<std::uint32_t>(axes[i].values.size());
    values[i] = &axes[i].values[number % size];
    number /= size;
  }
  return std::any_of(all.begin(), all.end(), [&](const excluded& one) {
    return std::all_of(one.begin(), one.end(),
                       [&](const auto& pick) { return *values[pick.first] == pick.second; });
  });
}

}  // namespace

void read_matrix(const yaml_reader& in, const YAML::Node& map, const std::string& what,
                 step_definition& to) {
  YAML::Node exclude;
  std::uint64_t count = 1;
  in.each_key(map, what, [&](const auto& key, const auto& key_node, const auto& value) {
    if (key == "exclude") {
      exclude = value;
      return;
    }
    in.check_name(key_node, key, "matrix key");
    auto values = in.texts(value, what + "." + key);
    if (values.empty()) in.mistake(value, what + "." + key + ": expected at least one value");
    for (auto i = values.begin(); i != values.end(); ++i)
      if (std::find(values.begin(), i, *i) != i)
        in.mistake(value, what + "." + key + ": '" + *i + "' stands there twice");
    count *= values.size();
    if (count > combinations_max)
      in.mistake(map, what + ": more than " + std::to_string(combinations_max) + " combinations");
    to.matrix.push_back({key, std::move(values)});
  });
  if (to.matrix.empty())
    in.mistake(map, what + ": expected at least one key with a list of values");
  to.instances = static_cast<std::uint32_t>(count);
  if (!exclude.IsDefined() || exclude.IsNull()) return;
  if (!exclude.IsSequence()) in.mistake(exclude, what + ".exclude: expected a list of mappings");
  std::vector<excluded> all;
  for (const auto& each : exclude)
    all.push_back(read_exclusion(in, each, what + ".exclude", to.matrix));
  for (std::uint32_t i = 0; i < count; ++i)
    if (!is_excluded(i, to.matrix, all)) to.combinations.push_back(i);
  if (to.combinations.empty()) in.mistake(exclude, what + ".exclude: nothing is left to run");
  to.instances = static_cast<std::uint32_t>(to.combinations.size());
}

}  // namespace artel::config
