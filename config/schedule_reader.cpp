#include "config/schedule_reader.hpp"

#include <algorithm>
#include <iterator>

#include "config/step_reader.hpp"
#include "messages/spelling.hpp"

namespace artel::config {
namespace {

constexpr std::uint64_t year_ms = 366 * day_ms;

template <class Policy, std::size_t Count>
Policy policy(const yaml_reader& in, const YAML::Node& value, const std::string& what,
              const std::string_view (&names)[Count]) {
  const auto word = in.text(value, what);
  const auto found = std::find(std::begin(names), std::end(names), word);
  if (found == std::end(names)) {
    std::string list;
    for (const auto& each : names) list += (list.empty() ? "" : ", ") + std::string(each);
    in.mistake(value,
               what + ": expected " + list + ", found '" + word + "'" + did_you_mean(word, names));
  }
  return static_cast<Policy>(found - std::begin(names));
}

}  // namespace

schedule_definition read_schedule(const yaml_reader& in, const YAML::Node& value,
                                  const std::string& what) {
  schedule_definition to;
  const auto place = yaml_reader::place_of(value);
  to.line = place.line, to.column = place.column;
  if (!value.IsMap()) {
    to.cron = in.text(value, what);
  } else {
    bool within = false;
    in.keys(value, what,
            {"cron", "every", "timezone", "jitter", "misfire", "within", "overlap", "params"},
            [&](const auto& key, const auto&, const auto& v) {
              const auto name = what + "." + key;
              if (key == "cron") to.cron = in.text(v, name);
              if (key == "every") to.every_ms = in.duration(v, name, year_ms);
              if (key == "timezone") to.timezone = in.text(v, name);
              if (key == "jitter") to.jitter_ms = in.duration(v, name, day_ms);
              if (key == "misfire") to.misfire = policy<misfire_policy>(in, v, name, misfire_names);
              if (key == "within") to.within_ms = in.duration(v, name, year_ms), within = true;
              if (key == "overlap") to.overlap = policy<overlap_policy>(in, v, name, overlap_names);
              if (key == "params") to.params = in.text_map(v, name);
            });
    if (within && to.misfire == misfire_policy::skip)
      in.mistake(value, what + ": 'within' goes with misfire: once or all");
    if (to.misfire == misfire_policy::all && !within) to.within_ms = day_ms;
  }
  if (to.cron.empty() == (to.every_ms == 0))
    in.mistake(value, what + ": expected either 'cron' or 'every', found " +
                          (to.cron.empty() ? "neither" : "both"));
  if (to.every_ms % 1'000 != 0) in.mistake(value, what + ".every: expected whole seconds");
  return to;
}

}  // namespace artel::config
