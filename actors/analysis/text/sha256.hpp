// SHA-256 of a text (by OpenSSL), as lower-case hex: names contents for others.
#pragma once

#include <string>
#include <string_view>

namespace artel::analysis {

std::string sha256_hex(std::string_view bytes);

}  // namespace artel::analysis
