// Artifacts: files and folders that steps make, addressed by the SHA-256 of their content, and how
// their bytes get from node to node. The supervisor node passes these messages on; none of them is
// sequenced: who wants bytes asks again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "messages/bytes.hpp"
#include "messages/fields.hpp"

namespace artel {

constexpr std::size_t piece_bytes_max = 256U
                                        << 10;  ///< one frame carries at most so much of a blob
/// The credit of a transfer: so much may be asked for and not have come yet.
constexpr std::size_t bytes_asked_max = 8 * piece_bytes_max;
constexpr std::size_t store_id_bytes_max = 64;
constexpr std::size_t artifacts_per_step_max = 64;
constexpr std::size_t inputs_per_attempt_max = 10'000;

/// What an attempt has made.
struct artifact {
  std::string name;  ///< as the step declares it
  std::string hash;  ///< 64 hex digits: of a file's content, or of the list of a folder's files
  std::uint64_t size = 0;  ///< bytes, of a folder those of its files
  bool folder = false;
  bool executable = false;  ///< of a file
  ARTEL_FIELDS(artifact, name, hash, size, folder, executable);
};

/// What a step is to make, and where it puts it.
struct artifact_place {
  std::string name;
  std::string path;  ///< relative, below ARTEL_ARTIFACTS
  ARTEL_FIELDS(artifact_place, name, path);
};

/// What an attempt is to find when it begins.
struct input_blob {
  std::string path;  ///< relative, below ARTEL_INPUTS
  std::string hash;
  std::uint64_t size = 0;
  bool folder = false;
  bool executable = false;
  std::vector<std::string> nodes;  ///< that have it, the one to ask first in front
  ARTEL_FIELDS(input_blob, path, hash, size, folder, executable, nodes);
};

/// Worker → supervisor → another worker: send me bytes of a blob. Answered by blob_piece, as many
/// as it takes, in order.
struct read_blob {
  std::string node;  ///< to whom; as the supervisor node passes it on: from whom
  std::string hash;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< at most bytes_asked_max
  ARTEL_FIELDS(read_blob, node, hash, offset, size);
};

/// The other way. One that is lost is asked for again.
struct blob_piece {
  std::string node;  ///< to whom; as the supervisor node passes it on: from whom
  std::string hash;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< of the whole blob
  bytes data;
  std::string problem;  ///< why there are no bytes; empty: all is well
  bool gone = false;    ///< the node has it not, and will not have it
  ARTEL_FIELDS(blob_piece, node, hash, offset, size, data, problem, gone);
};

/// 64 hex digits, in small letters: what may be the name of a file in a store.
constexpr bool is_blob_hash(std::string_view text) {
  if (text.size() != 64) return false;
  for (const char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  return true;
}

}  // namespace artel
