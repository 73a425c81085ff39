// The page's files, compressed and part of the program (web/).
#pragma once

#include <string_view>

namespace artel::operation {

struct asset {
  std::string_view path;  ///< "/app.js"
  std::string_view type;
  std::string_view body;  ///< gzip
  std::string_view tag;   ///< changes with the content
};

/// Null when there is none of that path.
const asset* find_asset(std::string_view path);

}  // namespace artel::operation
