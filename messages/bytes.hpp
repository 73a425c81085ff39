// Binary data that travels as msgpack `bin`, where std::string travels as text. bytes owns,
// bytes_view points.
#pragma once

#include <string>
#include <string_view>

namespace artel {

struct bytes {
  std::string data;
  friend bool operator==(const bytes&, const bytes&) = default;
};

struct bytes_view {
  std::string_view data;
  friend bool operator==(const bytes_view&, const bytes_view&) = default;
};

}  // namespace artel
