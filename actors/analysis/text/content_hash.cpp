#include "actors/analysis/text/content_hash.hpp"

#include <xxhash.h>

namespace artel::analysis {

std::uint64_t content_hash(std::string_view bytes) {
  const auto made = XXH3_64bits(bytes.data(), bytes.size());
  return made == 0 ? 1 : made;
}

}  // namespace artel::analysis
