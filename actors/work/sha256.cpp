#include "actors/work/sha256.hpp"

#include <openssl/evp.h>

#include <new>

namespace artel::work {

struct sha256::context {
  EVP_MD_CTX* of = EVP_MD_CTX_new();
  ~context() { EVP_MD_CTX_free(of); }
};

sha256::sha256() : context_(std::make_unique<context>()) {
  if (context_->of == nullptr || EVP_DigestInit_ex(context_->of, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
}
sha256::~sha256() = default;

void sha256::add(const void* data, std::size_t size) { EVP_DigestUpdate(context_->of, data, size); }

std::string sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->of, digest, &size);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += "0123456789abcdef"[digest[i] >> 4];
    text += "0123456789abcdef"[digest[i] & 15];
  }
  return text;
}

}  // namespace artel::work
