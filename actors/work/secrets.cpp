#include "actors/work/secrets.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "config/pipeline_file.hpp"

namespace artel::work {
namespace {

constexpr std::string_view stars = "***";
constexpr std::size_t line_bytes_min = 8;  ///< shorter lines of a key may stand anywhere

outcome<std::string> suitable(const std::string& name, std::string value) {
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  const auto refuse = [&](const std::string& why) {
    return bad_input("secret '" + name + "' " + why);
  };
  if (value.size() < secret_bytes_min)
    return refuse("has fewer than " + std::to_string(secret_bytes_min) +
                  " bytes and could not be masked; take a longer one");
  if (value.size() > secret_bytes_max)
    return refuse("has more than " + std::to_string(secret_bytes_max) + " bytes");
  for (const auto c : value)
    if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t')
      return refuse("holds control characters; keep it as text, e.g. base64");
  return value;
}

}  // namespace

outcome<std::string> secret_store::find(const std::string& name) const {
  const auto path = folder_ / name;
  if (struct stat about{}; !folder_.empty() && ::stat(path.c_str(), &about) == 0) {
    if ((about.st_mode & S_IROTH) != 0)
      spdlog::warn("secret_readable secret={} reason=\"{} may be read by everyone; chmod 600\"",
                   name, path.string());
    auto text = config::read_text_file(path.string());
    return text ? suitable(name, *std::move(text)) : text;
  }
  if (const char* value = std::getenv(("ARTEL_SECRET_" + name).c_str()); value != nullptr)
    return suitable(name, value);
  return trouble{
      trouble_code::not_found,
      "this node does not know the secret '" + name + "': " +
          (folder_.empty() ? "start it with --secrets FOLDER and put it into the file " + name
                           : "put it into the file " + path.string()) +
          ", or set ARTEL_SECRET_" + name + " for the node"};
}

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
    if (end - at >= line_bytes_min) add_one(secret.substr(at, end - at));
    at = end + 1;
  }
  std::stable_sort(patterns_.begin(), patterns_.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string masker::mask(std::string text) const {
  for (const auto& pattern : patterns_)
    for (auto at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at))
      text.replace(at, pattern.size(), stars), at += stars.size();
  return text;
}

std::string masker::pass(std::string_view data) {
  if (empty()) return std::string(data);
  held_ += data;
  auto text = mask(std::exchange(held_, {}));
  // The longest end that may be the beginning of a secret waits for what follows.
  std::size_t longest = 0;
  for (const auto& pattern : patterns_)
    for (auto size = std::min(pattern.size() - 1, text.size()); size > longest; --size)
      if (std::string_view(text).substr(text.size() - size) ==
          std::string_view(pattern).substr(0, size))
        longest = size;
  held_ = text.substr(text.size() - longest);
  text.resize(text.size() - longest);
  return text;
}

std::string masker::finish() { return std::exchange(held_, {}); }

}  // namespace artel::work
