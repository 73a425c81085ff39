// Hash of contents (XXH3, 64 bits): says whether a file or a part is the one seen before. Fast,
// and not for secrets.
#pragma once

#include <cstdint>
#include <string_view>

namespace artel::analysis {

/// Never 0, so that 0 can mean "there is no such file".
std::uint64_t content_hash(std::string_view bytes);

}  // namespace artel::analysis
