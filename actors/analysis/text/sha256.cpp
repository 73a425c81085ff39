#include "actors/analysis/text/sha256.hpp"

#include <openssl/sha.h>

namespace artel::analysis {

std::string sha256_hex(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  constexpr char digits[] = "0123456789abcdef";
  std::string made;
  made.reserve(2 * sizeof digest);
  for (const auto byte : digest) made += {digits[byte >> 4U], digits[byte & 0xFU]};
  return made;
}

}  // namespace artel::analysis
