#include "actors/core/result_cache.hpp"

#include <xxhash.h>

#include <nlohmann/json.hpp>

namespace artel::core {

void result_cache::keep(const std::string& key, kept_result what) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    bytes_ -= known->second.what.result.size();
    by_age_.erase(known->second.number);
  }
  bytes_ += what.result.size();
  by_key_[key] = {std::move(what), ++last_};
  by_age_[last_] = key;
  while (by_age_.size() > results_kept_max || bytes_ > result_bytes_kept_max) {
    const auto oldest = by_key_.find(by_age_.begin()->second);
    bytes_ -= oldest->second.what.result.size();
    by_key_.erase(oldest);
    by_age_.erase(by_age_.begin());
  }
}

const kept_result* result_cache::find(const std::string& key, std::uint64_t expires_ms,
                                      std::int64_t now_ms) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  const auto& one = found->second.what;
  return expires_ms != 0 && now_ms - one.at_ms >= static_cast<std::int64_t>(expires_ms) ? nullptr
                                                                                        : &one;
}

outcome<std::string> cache_key(const graph& plan, std::uint32_t step, const rendered_step& told,
                               const std::vector<std::string>& values, const lookup& from) {
  auto inputs = nlohmann::json::array();
  for (const auto& one : plan.nodes[step].inputs) {
    any_value made;
    if (const auto good = one.evaluate(from, made); !good) return good.error();
    inputs.push_back(std::move(made));
  }
  const auto& what = told.plan;
  const auto text = nlohmann::json::array(
                        {plan.definition.name, what.step, plan.definition.steps[step].cache.version,
                         what.use, what.command, what.with, what.env, what.secrets, what.cwd,
                         what.output, what.user, values, std::move(inputs)})
                        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const auto hash = XXH3_128bits(text.data(), text.size());
  char hex[33];
  std::snprintf(hex, sizeof hex, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return std::string(hex);
}

}  // namespace artel::core
