// JSON inside of a page's script element: no text of it may end the element.
#pragma once

#include <algorithm>

#include "actors/analysis/text/sinks.hpp"

namespace artel::analysis {

/// Hands on what it is given, with `<` as its escape.
class script_sink : public text_sink {
public:
  explicit script_sink(file_sink& to) : text_sink(std::size_t{1} << 16U), to_(to) {}
  void finish() { flush(); }

private:
  void flush() override {
    const std::string_view text = buffer();
    for (std::size_t from = 0; from < text.size();) {
      const auto at = std::min(text.find('<', from), text.size());
      to_.put(text.substr(from, at - from));
      if (at < text.size()) to_.put("\\u003c");
      from = at + 1;
    }
    buffer().clear();
  }
  file_sink& to_;
};

}  // namespace artel::analysis
