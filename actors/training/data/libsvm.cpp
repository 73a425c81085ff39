// libsvm: `label [qid:N] index:value …  # comment`. Columns are named label, qid and f1, f2 …; what
// a line does not name is nothing there, as XGBoost takes it.
#include <charconv>

#include "actors/training/data/readers.hpp"

namespace artel::training {
namespace {

constexpr std::uint32_t label_column = 0, query_column = 1, first_feature = 2;

class libsvm_reader : public record_reader {
public:
  explicit libsvm_reader(const std::string& path) : in_(path) { names_ = {"label", "qid"}; }

  bool next(record& into) override {
    do {
      if (!read_line(in_, text_, into.line)) return false;
      check_utf8(in_, into.line, text_, "label");
      if (const auto comment = text_.find('#'); comment != std::string::npos) text_.resize(comment);
      at_ = 0;
    } while (!next_word());
    into.values.clear();
    into.values.push_back({label_column, false, std::string(word_)});
    std::int64_t last = -1;
    while (next_word()) {
      const auto colon = word_.find(':');
      if (colon == std::string_view::npos || colon + 1 == word_.size())
        in_.mistake(into.line, "'" + cut() + "': expected index:value");
      const auto name = word_.substr(0, colon);
      std::string value(word_.substr(colon + 1));
      if (name == "qid") {
        into.values.push_back({query_column, false, std::move(value)});
        continue;
      }
      std::int64_t index = -1;
      const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), index);
      if (code != std::errc{} || end != name.data() + name.size() || index < 0)
        in_.mistake(into.line, "'" + cut() + "': expected a whole number before the colon");
      if (index >= static_cast<std::int64_t>(columns_max))
        in_.mistake(into.line, "index " + std::to_string(index) + ", at most " +
                                   std::to_string(columns_max - 1) + " are allowed");
      if (index <= last)
        in_.mistake(into.line, "index " + std::to_string(index) + " behind " +
                                   std::to_string(last) + "; they must ascend");
      last = index;
      while (names_.size() <= first_feature + static_cast<std::size_t>(index))
        names_.push_back("f" + std::to_string(names_.size() - first_feature));
      into.values.push_back(
          {first_feature + static_cast<std::uint32_t>(index), false, std::move(value)});
    }
    return true;
  }

private:
  bool next_word() {
    at_ = text_.find_first_not_of(" \t", at_);
    if (at_ == std::string::npos) return false;
    const auto end = std::min(text_.find_first_of(" \t", at_), text_.size());
    word_ = std::string_view(text_).substr(at_, end - at_);
    at_ = end;
    return true;
  }
  std::string cut() const { return std::string(word_.substr(0, 60)); }

  byte_source in_;
  std::string text_;
  std::size_t at_ = 0;
  std::string_view word_;
};

}  // namespace

std::unique_ptr<record_reader> open_libsvm(const std::string& path) {
  return std::make_unique<libsvm_reader>(path);
}

}  // namespace artel::training
