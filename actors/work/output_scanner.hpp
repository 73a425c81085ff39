// What a command says to Artel on its stdout: lines that begin with "@artel". They stay in the log
// as well.
//   @artel progress DONE TOTAL TEXT…      @artel result {"a": 1}
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace artel::work {

constexpr std::size_t scanned_line_max = 64U << 10;  ///< a longer line is text like any other,
                                                     ///< unless it is a result

struct said_line {
  bool is_result = false;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string text;       ///< progress text, or the result
  bool too_long = false;  ///< a result beyond scanned_line_max; text is empty
};

class output_scanner {
public:
  /// Calls on_line for each complete "@artel" line in the bytes given so far.
  void scan(std::string_view data, const std::function<void(said_line)>& on_line);

private:
  std::string line_;
  bool too_long_ = false;
  bool long_result_ = false;
};

}  // namespace artel::work
