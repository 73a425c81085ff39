// SHA-256 of what is added, by OpenSSL.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace artel::work {

class sha256 {
public:
  sha256();
  ~sha256();
  sha256(const sha256&) = delete;
  sha256& operator=(const sha256&) = delete;
  void add(const void* data, std::size_t size);
  /// 64 hex digits; once.
  std::string hex();

private:
  struct context;
  std::unique_ptr<context> context_;
};

}  // namespace artel::work
