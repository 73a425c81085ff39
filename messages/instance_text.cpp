#include "messages/instance_text.hpp"

#include <charconv>

namespace artel {

std::string fill_instance(std::string_view text, std::uint32_t number,
                          const std::vector<std::string>& values) {
  std::string filled;
  while (true) {
    const auto from = text.find(marker_sign);
    const auto to = from == text.npos ? text.npos : text.find(marker_sign, from + 1);
    if (to == text.npos) return filled.append(text);
    const auto name = text.substr(from + 1, to - from - 1);
    filled.append(text.substr(0, from));
    std::size_t index = values.size();
    if (name == "instance")
      filled += std::to_string(number);
    else if (std::from_chars(name.data(), name.data() + name.size(), index).ec == std::errc{} &&
             index < values.size())
      filled += values[index];
    else
      filled.append(text.substr(from, to + 1 - from));
    text.remove_prefix(to + 1);
  }
}

}  // namespace artel
