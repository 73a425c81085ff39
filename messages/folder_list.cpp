#include "messages/folder_list.hpp"

#include <charconv>

#include "messages/artifact.hpp"

namespace artel {
namespace {

bool is_below(std::string_view path) {
  if (path.empty() || path.front() == '/') return false;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto name = path.substr(0, end);
    if (name.empty() || name == "." || name == "..") return false;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return true;
}

}  // namespace

std::string to_text(const std::vector<folder_entry>& list) {
  std::string text;
  for (const auto& one : list)
    text += std::string(1, one.kind) + ' ' + one.hash + ' ' + std::to_string(one.size) + ' ' +
            one.path + '\n';
  return text;
}

outcome<std::vector<folder_entry>> read_folder_list(std::string_view text) {
  const trouble wrong{trouble_code::corrupt, "the list of a folder's files can not be read"};
  std::vector<folder_entry> list;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == text.npos || list.size() == folder_entries_max) return wrong;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto size_at = line.find(' ', 2);
    const auto path_at = size_at == line.npos ? line.npos : line.find(' ', size_at + 1);
    if (path_at == line.npos || line[1] != ' ') return wrong;
    folder_entry one{line[0], std::string(line.substr(2, size_at - 2)), 0,
                     std::string(line.substr(path_at + 1))};
    const auto* size_end = line.data() + path_at;
    const bool sized =
        std::from_chars(line.data() + size_at + 1, size_end, one.size).ptr == size_end;
    const bool folder = one.kind == 'd' && one.hash == "-";
    const bool file = (one.kind == 'f' || one.kind == 'x') && is_blob_hash(one.hash);
    if (!sized || !(folder || file) || !is_below(one.path)) return wrong;
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace artel
