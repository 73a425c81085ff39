// The comment block above a method, taken apart: description, parameters, returned value, and
// whether it says that the method is deprecated. Both languages; texts without sections are all
// description.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace artel::analysis::bsl {

struct doc_parameter {
  std::string name;
  std::string types;
  std::string description;
};

struct doc_comment {
  std::string description;  ///< first paragraph(s) before any section
  std::vector<doc_parameter> parameters;
  std::string returns;
  std::string example;
  std::string deprecated;  ///< what stands behind the word; " " when nothing does
  bool is_deprecated = false;
};

/// `block` is the lines with their `//`.
doc_comment parse_doc_comment(std::string_view block);

}  // namespace artel::analysis::bsl
