#include "actors/analysis/rules/call_arguments.hpp"

#include <algorithm>

namespace artel::analysis {
namespace {

class argument_reader {
public:
  explicit argument_reader(std::string_view text) : text_(text) {}

  call_arguments run() {
    call_arguments made;
    skip_to_paren();
    if (at_ >= text_.size() || text_[at_] != '(') return made;
    std::size_t depth = 1;
    bool filled = false;
    for (++at_; at_ < text_.size(); ++at_) {
      const char each = text_[at_];
      if (each == ' ' || each == '\t' || each == '\r' || each == '\n') continue;
      if (comment() || preprocessor()) continue;
      if (each == ')' || each == ']') {
        if (--depth == 0) return finish(made, filled);
      } else if (each == ',' && depth == 1) {
        made.filled.push_back(filled);
        filled = false;
        continue;
      }
      filled = true;
      if (each == '(' || each == '[') ++depth;
      if (each == '"' || each == '\'') literal(each);
    }
    return made;
  }

private:
  static call_arguments finish(call_arguments& made, bool filled) {
    // f() has no argument, f(a, ) has one that is left out.
    if (!made.filled.empty() || filled) made.filled.push_back(filled);
    while (!made.filled.empty() && !made.filled.back()) made.filled.pop_back();
    made.read = true;
    return std::move(made);
  }

  void skip_to_paren() {
    while (at_ < text_.size()) {
      const char each = text_[at_];
      if (each != ' ' && each != '\t' && each != '\r' && each != '\n') return;
      ++at_;
    }
  }
  void skip_line() {
    while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n' && text_[at_ + 1] != '\r') ++at_;
  }
  bool comment() {
    if (text_[at_] != '/' || at_ + 1 >= text_.size() || text_[at_ + 1] != '/') return false;
    skip_line();
    return true;
  }
  bool preprocessor() {
    if (text_[at_] != '#') return false;
    skip_line();
    return true;
  }
  // Doubled quotes make two literals of one, which is the same here; comments between the lines of
  // a text are not looked for.
  void literal(char quote) {
    const auto close = text_.find(quote, at_ + 1);
    at_ = std::min(close, text_.size() - 1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

call_arguments read_arguments(std::string_view text, const bsl::span& name) {
  return argument_reader(text.substr(name.offset + name.length, call_bytes_max)).run();
}

}  // namespace artel::analysis
