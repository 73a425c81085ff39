#include "config/group_reader.hpp"

#include <algorithm>

#include "config/step_reader.hpp"
#include "messages/spelling.hpp"

namespace artel::config {
namespace {

group_strategy read_strategy(const yaml_reader& in, const YAML::Node& value,
                             const std::string& what) {
  const auto word = in.text(value, what);
  const auto found =
      std::find(std::begin(group_strategy_names), std::end(group_strategy_names), word);
  if (found == std::end(group_strategy_names))
    in.mistake(value, what + ": expected one_for_one, one_for_all or rest_for_one, found '" + word +
                          "'" + did_you_mean(word, group_strategy_names));
  return static_cast<group_strategy>(found - std::begin(group_strategy_names));
}

}  // namespace

restart_intensity read_intensity(const yaml_reader& in, const std::string& key,
                                 const YAML::Node& value, const std::string& what,
                                 restart_intensity to) {
  const auto name = what + "." + key;
  if (key == "max_restarts")
    to.max_restarts = static_cast<std::uint32_t>(in.whole(value, name, 0, 100'000));
  if (key == "within") {
    to.within_ms = in.duration(value, name, 365 * day_ms);
    if (to.within_ms == 0) in.mistake(value, name + ": expected a duration longer than 0");
  }
  return to;
}

group_definition read_group(const yaml_reader& in, const std::string& name, const YAML::Node& key,
                            const YAML::Node& body) {
  const auto what = "groups." + name;
  in.check_name(key, name, "group name");
  group_definition group;
  group.name = name;
  group.place = yaml_reader::place_of(key);
  if (body.IsNull()) return group;
  in.keys(body, what, {"strategy", "max_restarts", "within", "backoff", "needs"},
          [&](const auto& k, const auto&, const auto& value) {
            group.intensity = read_intensity(in, k, value, what, group.intensity);
            if (k == "strategy") group.strategy = read_strategy(in, value, what + ".strategy");
            if (k == "backoff") group.backoff = read_backoff(in, value, what + ".backoff");
            if (k == "needs")
              read_needs(in, value, what + ".needs", group.needs, group.needs_places);
          });
  return group;
}

}  // namespace artel::config
