// Hashes of passwords, as the access file has them.
#pragma once

#include <string>

namespace artel::operation {

/// argon2id, of about 50 ms and 64 MiB. Throws std::runtime_error without memory for it.
std::string hash_of_password(const std::string& password);

}  // namespace artel::operation
