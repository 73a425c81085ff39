#include "actors/work/masker.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace artel::work {
namespace {

constexpr std::string_view stars = "***";
constexpr std::size_t line_bytes_min = 8;  ///< shorter lines of a key may stand anywhere

}  // namespace

void masker::add(const std::string& secret) {
  const auto add_one = [this](const std::string& text) {
    if (std::find(patterns_.begin(), patterns_.end(), text) == patterns_.end())
      patterns_.push_back(text);
    const auto quoted =
        nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const auto inside = quoted.substr(1, quoted.size() - 2);
    if (inside != text) patterns_.push_back(inside);
  };
  add_one(secret);
  for (std::size_t at = 0; secret.find('\n') != std::string::npos && at < secret.size();) {
    const auto end = std::min(secret.find('\n', at), secret.size());
    auto line = secret.substr(at, end - at);
    if (line.ends_with('\r')) line.pop_back();
    if (line.size() >= line_bytes_min) add_one(line);
    at = end + 1;
  }
}

/// The longest secret that begins at `at`; npos when what follows has to decide whether one does.
std::size_t masker::found_at(std::string_view text, std::size_t at, bool all_there) const {
  const auto rest = text.substr(at);
  std::size_t longest = 0;
  for (const auto& pattern : patterns_) {
    if (rest.starts_with(pattern))
      longest = std::max(longest, pattern.size());
    else if (!all_there && std::string_view(pattern).starts_with(rest))
      return std::string_view::npos;
  }
  return longest;
}

/// Secrets that overlap are one stretch of stars.
std::string masker::mask_some(std::string_view text, bool all_there, std::size_t& done) const {
  std::string made;
  for (done = 0; done < text.size();) {
    const auto size = found_at(text, done, all_there);
    if (size == std::string_view::npos) break;
    if (size == 0) {
      made += text[done++];
      continue;
    }
    auto end = done + size;
    for (auto inside = done + 1; inside < end; ++inside) {
      const auto more = found_at(text, inside, all_there);
      if (more == std::string_view::npos) return made;
      end = std::max(end, inside + more);
    }
    made += stars;
    done = end;
  }
  return made;
}

std::string masker::mask(std::string_view text) const {
  std::size_t done = 0;
  return mask_some(text, true, done);
}

std::string masker::pass(std::string_view data) {
  if (empty()) return std::string(data);
  held_ += data;
  std::size_t done = 0;
  auto text = mask_some(held_, false, done);
  held_.erase(0, done);
  return text;
}

std::string masker::finish() { return mask(std::exchange(held_, {})); }

}  // namespace artel::work
