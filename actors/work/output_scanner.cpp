#include "actors/work/output_scanner.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace artel::work {
namespace {

constexpr std::string_view mark = "@artel ";
constexpr std::string_view result_mark = "@artel result ";

std::string_view word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto first = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return first;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<said_line> parse(std::string_view line) {
  if (!line.starts_with(mark)) return std::nullopt;
  line.remove_prefix(mark.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  const auto verb = word(line);
  if (verb == "result" && line.starts_with('{') && nlohmann::json::accept(line))
    return said_line{true, 0, 0, std::string(line)};
  if (verb != "progress") return std::nullopt;
  const auto done = number(word(line));
  const auto total = number(word(line));
  if (!done || !total) return std::nullopt;
  return said_line{false, *done, *total, std::string(line)};
}

}  // namespace

void output_scanner::scan(std::string_view data, const std::function<void(said_line)>& on_line) {
  while (!data.empty()) {
    const auto end = data.find('\n');
    const auto part = data.substr(0, end);
    if (!too_long_ && line_.size() + part.size() > scanned_line_max) {
      line_.append(part, 0, result_mark.size());
      long_result_ = line_.starts_with(result_mark);
      too_long_ = true;
      line_.clear();
    }
    if (!too_long_) line_ += part;
    if (end == std::string_view::npos) return;
    if (!too_long_)
      if (auto said = parse(line_)) on_line(*std::move(said));
    if (long_result_) on_line({true, 0, 0, {}, true});
    line_.clear();
    too_long_ = long_result_ = false;
    data.remove_prefix(end + 1);
  }
}

}  // namespace artel::work
