#include "nodes/runtime/start_pages.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace artel::nodes {
namespace {

struct mapping {
  std::uintptr_t from = 0, to = 0;
};

/// Of a line as "7f12a000-7f12c000 r-xp 00000000 08:01 123 /usr/lib/…"; else nothing.
bool read_mapping(const std::string& line, mapping& made, bool& from_file) {
  std::istringstream in(line);
  std::string range, rights, offset, device, inode, path;
  if (!(in >> range >> rights >> offset >> device >> inode)) return false;
  const auto dash = range.find('-');
  if (dash == range.npos || rights.size() != 4) return false;
  in >> path;
  made = {std::stoull(range.substr(0, dash), nullptr, 16),
          std::stoull(range.substr(dash + 1), nullptr, 16)};
  from_file = rights[0] == 'r' && rights[1] == '-' && rights[3] == 'p' && path.starts_with('/');
  return true;
}

/// Mapped from files, not writable, and nothing in them changed, here or in swap: relocated pages
/// are, and would be lost.
std::vector<mapping> unchanged_file_mappings() {
  std::vector<mapping> all;
  std::ifstream maps("/proc/self/smaps");
  mapping current;
  bool from_file = false;
  for (std::string line; std::getline(maps, line);) {
    if (line.empty() || line[0] < 'A' || line[0] > 'Z') {
      if (!read_mapping(line, current, from_file)) from_file = false;
    } else if (line.starts_with("Anonymous:") || line.starts_with("Swap:")) {
      from_file = from_file && std::stoul(line.substr(line.find(':') + 1)) == 0;
    } else if (from_file && line.starts_with("VmFlags:")) {  // the last line of each
      all.push_back(current);
    }
  }
  return all;
}

}  // namespace

void give_back_start_pages() {
  for (const auto& one : unchanged_file_mappings())
    ::madvise(reinterpret_cast<void*>(one.from), one.to - one.from, MADV_DONTNEED);  // NOLINT
  ::malloc_trim(0);
}

void give_back_free_memory() {
  constexpr std::uint64_t worth_it = 16U << 20;
  std::uint64_t size = 0, resident = 0, of_files = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> of_files;
  const auto own = (resident - std::min(resident, of_files)) *
                   static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (own > worth_it) ::malloc_trim(0);
}

}  // namespace artel::nodes
