// The bytes of a snapshot's frames; see snapshot.hpp. Not for others.
#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "actors/analysis/model.hpp"
#include "messages/wire/packing.hpp"

namespace artel::analysis::snapshot_format {

struct header {
  std::string format;
  std::uint32_t schema = 0;
  std::uint32_t shard = 0;
  std::uint32_t shards = 0;
  std::uint64_t tree = 0;
  std::uint64_t program = 0;  ///< hash of the sources that parsed it
  ARTEL_FIELDS(header, format, schema, shard, shards, tree, program);
};
struct footer {
  std::uint64_t objects = 0;
  std::uint64_t modules = 0;
  std::uint64_t problems = 0;
  std::uint64_t text_bytes = 0;
  ARTEL_FIELDS(footer, objects, modules, problems, text_bytes);
};

enum tag : std::uint8_t {
  tag_header = 1,
  tag_configuration,
  tag_object,
  tag_module,
  tag_problem,
  tag_footer
};

inline constexpr std::string_view format_name = "artel-configuration";
inline constexpr std::size_t frame_head = 17;  // tag, size, hash

// One frame is one object or one module; the largest real module takes a few megabytes.
inline constexpr wire::limits frame_limits{1U << 30U, 24, 1U << 28U, 1U << 24U};

/// Fills in the head of a frame that `bytes` holds behind its first `frame_head` bytes.
void seal(std::string& bytes, std::uint8_t which);

/// Walks the frames of a mapped file.
class frame_reader {
public:
  explicit frame_reader(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }
  /// The next frame's payload; false when the bytes end inside it or are not what was written.
  bool next(std::uint8_t& which, std::string_view& payload);

private:
  std::string_view rest_;
};

template <class T>
void append_array(std::string& to, const std::vector<T>& array) {
  static_assert(std::has_unique_object_representations_v<T>,
                "bytes between the numbers would differ from run to run");
  const std::uint64_t count = array.size();
  to.append(reinterpret_cast<const char*>(&count), sizeof count);
  if (count > 0) to.append(reinterpret_cast<const char*>(array.data()), array.size() * sizeof(T));
  to.resize((to.size() + 7) / 8 * 8);
}

/// Takes an array from the front of `from`, which begins at a multiple of 8 of its frame.
template <class T>
bool take_array(std::string_view& from, std::vector<T>& array) {
  std::uint64_t count = 0;
  if (from.size() < sizeof count) return false;
  std::memcpy(&count, from.data(), sizeof count);
  from.remove_prefix(sizeof count);
  if (count > from.size() / sizeof(T)) return false;
  array.resize(count);
  if (count > 0) std::memcpy(array.data(), from.data(), count * sizeof(T));
  const auto padded = (count * sizeof(T) + 7) / 8 * 8;
  if (padded > from.size()) return false;
  from.remove_prefix(padded);
  return true;
}

/// True when everything in the entry that points somewhere points inside.
bool fits(const module_entry& entry, std::uint64_t texts);

}  // namespace artel::analysis::snapshot_format
