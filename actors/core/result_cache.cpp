#include "actors/core/result_cache.hpp"

#include <xxhash.h>

#include <nlohmann/json.hpp>

namespace artel::core {

std::string to_text(const kept_result_text& what) {
  const auto& one = what.what;
  return what.key + '\n' + one.run + '\n' + one.output + '\n' +
         (one.artifacts.all.empty() ? "" : to_text(one.artifacts)) + '\n' + one.result;
}

kept_result_text read_kept_result(const std::string& text) {
  std::string lines[4];
  std::size_t from = 0;
  for (auto& line : lines) {
    const auto end = text.find('\n', from);
    if (end == std::string::npos) return {};
    line = text.substr(from, end - from);
    from = end + 1;
  }
  return {lines[0], {lines[1], lines[2], text.substr(from), 0, read_artifacts(lines[3])}};
}

namespace {
std::size_t bytes_of(const std::string& key, const kept_result& one) {
  return to_text({key, one}).size();
}
}  // namespace

void result_cache::drop(entries::iterator which) {
  const auto& [key, one] = *which;
  bytes_ -= bytes_of(key, one.what);
  by_age_.erase(one.number);
  if (const auto of = by_output_.find(one.what.output); of != by_output_.end()) {
    of->second.erase(key);
    if (of->second.empty()) by_output_.erase(of);
  }
  by_key_.erase(which);
}

void result_cache::keep(const std::string& key, kept_result what) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) drop(known);
  if (!what.output.empty()) {
    for (const auto& other : std::set(by_output_[what.output]))
      if (const auto found = by_key_.find(other); found->second.what.run != what.run) drop(found);
    by_output_[what.output].insert(key);
  }
  bytes_ += bytes_of(key, what);
  by_key_[key] = {std::move(what), ++last_};
  by_age_[last_] = key;
  while (by_age_.size() > results_kept_max || bytes_ > result_bytes_kept_max)
    drop(by_key_.find(by_age_.begin()->second));
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
                               std::uint32_t number, const std::vector<std::string>& values,
                               const std::vector<input_blob>& files, const lookup& from) {
  auto inputs = nlohmann::json::array();
  for (const auto& one : plan.nodes[step].inputs) {
    any_value made;
    if (const auto good = one.evaluate(from, made); !good) return good.error();
    inputs.push_back(std::move(made));
  }
  auto found = nlohmann::json::array();
  for (const auto& one : files) found.push_back({one.path, one.hash, one.executable});
  auto makes = nlohmann::json::array();
  for (const auto& one : told.plan.artifacts) makes.push_back({one.name, one.path});
  const auto& what = told.plan;
  // As bytes: texts need not be UTF-8, and two that differ must not become one.
  const auto bytes = nlohmann::json::to_msgpack(nlohmann::json::array(
      {plan.definition.name, what.step, plan.definition.steps[step].cache.version, what.use,
       what.command, what.with, what.env, what.secrets, what.cwd, what.output, what.user, number,
       values, std::move(inputs), std::move(found), std::move(makes)}));
  const auto hash = XXH3_128bits(bytes.data(), bytes.size());
  char hex[33];
  std::snprintf(hex, sizeof hex, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return std::string(hex);
}

}  // namespace artel::core
