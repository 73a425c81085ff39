#include "actors/operation/page/passwords.hpp"

#include <sodium.h>

#include <stdexcept>

namespace artel::operation {

std::string hash_of_password(const std::string& password) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium can not be initialised");
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(),
                            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("not enough memory to hash a password (64 MiB)");
  hash.resize(hash.find('\0'));
  return hash;
}

}  // namespace artel::operation
