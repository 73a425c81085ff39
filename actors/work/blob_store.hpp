// Where a node keeps the bytes of artifacts, by the SHA-256 of their content. What is in a blob
// never changes, so nodes of one host may share a store. A folder is a blob, too: the list of its
// files, each of which is a blob of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/artifact.hpp"
#include "messages/folder_list.hpp"
#include "messages/outcome.hpp"

namespace artel::work {

/// An input that a node was said to have and has not.
struct gone_blob {
  std::string hash;
  std::string node;
};

/// What transfers need of a store.
class blob_store {
public:
  virtual ~blob_store() = default;
  virtual bool has(const std::string& hash) = 0;
  /// Bytes that a transfer has left behind that was cut off.
  virtual std::uint64_t begun(const std::string& hash) = 0;
  /// Forgets what has come so far.
  virtual void drop(const std::string& hash) = 0;
  /// What follows what has come so far.
  virtual outcome<done> add(const std::string& hash, std::string_view data) = 0;
  /// All has come. Trouble `corrupt`: it is not what the hash says, and was thrown away.
  virtual outcome<done> complete(const std::string& hash) = 0;
  virtual outcome<std::vector<folder_entry>> list(const std::string& hash) = 0;
};

}  // namespace artel::work
