#include "messages/instance_text.hpp"

#include <charconv>

namespace artel {
namespace {

std::string fill_folder(std::string text, std::string_view folder) {
  for (auto at = text.find(folder_marker); at != text.npos;
       at = text.find(folder_marker, at + folder.size()))
    text.replace(at, folder_marker.size(), folder);
  return text;
}

}  // namespace

std::string fill_instance(std::string_view text, std::uint32_t number,
                          const std::vector<std::string>& values, std::string_view folder) {
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
    else if (name == "folder")
      filled += folder;
    else if (std::from_chars(name.data(), name.data() + name.size(), index).ec == std::errc{} &&
             index < values.size())
      filled += fill_folder(values[index], folder);
    else
      filled.append(text.substr(from, to + 1 - from));
    text.remove_prefix(to + 1);
  }
}

}  // namespace artel
