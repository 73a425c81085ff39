// The list of a folder's files: what a folder is as a blob.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/outcome.hpp"

namespace artel {

constexpr std::size_t folder_entries_max = 100'000;
constexpr std::size_t folder_list_bytes_max = 64U << 20;

/// A line of a folder's list: "KIND HASH SIZE PATH", in the order of the paths.
struct folder_entry {
  char kind = 'f';  ///< f: file, x: file that may be executed, d: folder without files
  std::string hash;
  std::uint64_t size = 0;
  std::string path;  ///< relative, below the folder
  friend bool operator==(const folder_entry&, const folder_entry&) = default;
};

std::string to_text(const std::vector<folder_entry>& list);
/// Refuses what to_text does not make, above all paths that lead out of the folder.
outcome<std::vector<folder_entry>> read_folder_list(std::string_view text);

}  // namespace artel
