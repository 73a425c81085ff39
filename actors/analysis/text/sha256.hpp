// SHA-256 of a text (FIPS 180-4), as lower-case hex. The analysis names equal bodies by it.
#pragma once

#include <string>
#include <string_view>

namespace artel::analysis {

std::string sha256_hex(std::string_view bytes);

}  // namespace artel::analysis
