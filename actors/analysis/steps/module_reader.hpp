// One module from its file: bytes, what they are, and everything that is found in their text.
#pragma once

#include "actors/analysis/metadata/module_files.hpp"
#include "actors/analysis/model.hpp"

namespace artel::analysis {

struct module_read {
  module_entry entry;
  std::string bytes;  ///< of the file; bytes that are not UTF-8 replaced
  std::size_t text_from = 0;
  std::string problem;  ///< why it, or a part of it, could not be read
  bool reused = false;

  std::string_view text() const { return std::string_view(bytes).substr(text_from); }
};

/// The file's bytes and what can be said of them without parsing.
module_read read_bytes(const module_file& file);

/// Fills in the entry's syntax, shapes and findings.
void parse_bytes(module_read& from);

}  // namespace artel::analysis
