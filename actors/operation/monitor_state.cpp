// What the monitor keeps over a restart: alerts that fire with who was told when, and silences.
#include <fstream>
#include <nlohmann/json.hpp>

#include "actors/operation/monitor.hpp"

namespace artel::operation {

using json = nlohmann::ordered_json;

void monitor::read_state() {
  std::ifstream in(options_.state);
  const auto saved = json::parse(in, nullptr, false);
  if (!saved.is_object()) return;  // the first start, or damaged: somebody may be told twice
  try {
    for (const auto& each : saved.value("silences", json::array()))
      silences_.push_back({each.at("rule"), each.at("labels"), each.at("until_ms"), each.at("by"),
                           each.at("reason")});
    for (const auto& each : saved.value("alerts", json::array())) {
      told_alert one{each.at("labels"), each.at("rule"), each.at("since_ms"), each.at("told_ms")};
      one.ended_ms = each.value("ended_ms", std::int64_t{0});
      one.severity = each.value("severity", ""), one.summary = each.value("summary", "");
      one.value = each.value("value", "");
      // Without the lines that it began with it can not be told whether it is over.
      if (one.ended_ms == 0 && recalled_ != 0) book_.restore(one.rule, one.labels, one.since_ms);
      told_[{one.rule, one.labels}] = std::move(one);
    }
  } catch (const json::exception&) {
    // as above
  }
}

/// Beside and by a rename, so that half of it is never read. Without room it is as if the last
/// telling had not been noted.
void monitor::write_state() {
  json alerts = json::array(), silences = json::array();
  for (const auto& [key, one] : told_)
    alerts.push_back({{"rule", one.rule},
                      {"labels", one.labels},
                      {"since_ms", one.since_ms},
                      {"told_ms", one.told_ms},
                      {"ended_ms", one.ended_ms},
                      {"severity", one.severity},
                      {"summary", one.summary},
                      {"value", one.value}});
  for (const auto& each : silences_)
    silences.push_back({{"rule", each.rule},
                        {"labels", each.labels},
                        {"until_ms", each.until_ms},
                        {"by", each.by},
                        {"reason", each.reason}});
  const auto beside = options_.state.string() + ".new";
  {
    std::ofstream out(beside);
    out << json{{"alerts", alerts}, {"silences", silences}}.dump(1, ' ', false,
                                                                 json::error_handler_t::replace)
        << '\n';
    if (!out.flush()) return;
  }
  std::error_code none;
  std::filesystem::rename(beside, options_.state, none);
}

}  // namespace artel::operation
