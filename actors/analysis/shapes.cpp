#include "actors/analysis/shapes.hpp"

#include <algorithm>

#include "actors/analysis/text/content_hash.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

using bsl::lexeme;

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 31U)) * 0x7FB5D329728EA185ULL;
  value = (value ^ (value >> 27U)) * 0x81DADEF4BC2DD44DULL;
  return value ^ (value >> 33U);
}

bool is_literal(lexeme what) {
  return what == lexeme::number || what == lexeme::string || what == lexeme::date;
}

/// Lexemes of one method as numbers, and what is made of them.
class method_numbers {
public:
  void take(std::string_view text, const bsl::token* first, const bsl::token* last) {
    codes_.clear(), exact_.clear();
    for (auto each = first; each != last; ++each) {
      const auto kind = static_cast<std::uint64_t>(each->what) << 32U;
      const auto code = mixed(kind | (is_literal(each->what) ? 0 : each->hash));
      codes_.push_back(code);
      exact_.push_back(is_literal(each->what) ? content_hash(each->text().in(text)) : code);
    }
    tokens_ = first;
  }

  method_shape shape() const {
    method_shape made;
    made.tokens = static_cast<std::uint32_t>(codes_.size());
    made.exact = content_hash(
        {reinterpret_cast<const char*>(exact_.data()), exact_.size() * sizeof(std::uint64_t)});
    for (std::size_t i = 0; i + shingle_tokens <= codes_.size(); ++i) {
      std::uint64_t hash = 0;
      for (std::size_t j = 0; j < shingle_tokens; ++j)
        hash = hash * 0x9E3779B97F4A7C15ULL + codes_[i + j];
      hash = mixed(hash);
      auto& least = made.sketch[hash >> 60U];
      const auto value = static_cast<std::uint32_t>(hash) | 1U;  // 0 means that there is none
      if (least == 0 || value < least) least = value;
    }
    return made;
  }

  // Winnowing: the least hash of every window of passages, each once.
  void marks(std::uint32_t method, std::vector<copy_mark>& to) {
    if (codes_.size() < passage_tokens) return;
    const auto count = codes_.size() - passage_tokens + 1;
    passages_.resize(count);
    std::uint64_t power = 1;
    for (std::uint32_t i = 1; i < passage_tokens; ++i) power *= base;
    std::uint64_t hash = 0;
    for (std::uint32_t i = 0; i < passage_tokens; ++i) hash = hash * base + codes_[i];
    for (std::size_t i = 0;; ++i) {
      passages_[i] = mixed(hash);
      if (i + 1 == count) break;
      hash = (hash - codes_[i] * power) * base + codes_[i + passage_tokens];
    }
    const auto window = std::min<std::size_t>(passage_window, count);
    std::size_t least = 0;
    std::size_t marked = count;  // none
    for (std::size_t from = 0; from + window <= count; ++from) {
      const auto end = from + window;
      if (from == 0 || least < from) {
        least = from;
        for (auto i = from + 1; i < end; ++i)
          if (passages_[i] <= passages_[least]) least = i;
      } else if (passages_[end - 1] <= passages_[least]) {
        least = end - 1;
      }
      if (least == marked) continue;
      marked = least;
      to.push_back({passages_[least], method, static_cast<std::uint32_t>(least),
                    tokens_[least].line, tokens_[least + passage_tokens - 1].line_end});
    }
  }

private:
  static constexpr std::uint64_t base = 0xD6E8FEB86659FD93ULL;
  std::vector<std::uint64_t> codes_;  ///< literals count by their kind
  std::vector<std::uint64_t> exact_;  ///< literals count by their text
  std::vector<std::uint64_t> passages_;
  const bsl::token* tokens_ = nullptr;
};

constexpr std::size_t name_literal_max = 400;  // bytes; longer texts are messages and queries

// The last word of a literal that looks like a name: "Method", "Module.Method".
void take_name(std::string_view literal, std::vector<std::uint64_t>& to) {
  if (literal.size() < 3 || literal.size() > name_literal_max) return;
  auto word = literal.substr(1, literal.size() - 2);
  if (const auto dot = word.rfind('.'); dot != std::string_view::npos) word.remove_prefix(dot + 1);
  for (const char each : word)
    if (each == ' ' || each == '\t' || each == '\r' || each == '\n' || each == '"' || each == '=' ||
        each == ';' || each == ',')
      return;
  if (!word.empty() && is_letter(decode(word, 0).value)) to.push_back(text_name_hash(word));
}

}  // namespace

std::uint64_t text_name_hash(std::string_view name) { return content_hash(fold(name)); }

double similarity(const method_shape& left, const method_shape& right) {
  std::size_t same = 0;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < sketch_size; ++i) {
    filled += left.sketch[i] != 0 || right.sketch[i] != 0;
    same += left.sketch[i] != 0 && left.sketch[i] == right.sketch[i];
  }
  return filled == 0 ? 0 : static_cast<double>(same) / static_cast<double>(filled);
}

module_shapes shapes_of(std::string_view text, const bsl::module_syntax& syntax,
                        const bsl::token_log& log) {
  module_shapes made;
  thread_local method_numbers numbers;
  const auto* at = log.tokens.data();
  const auto* const end = at + log.tokens.size();
  for (std::uint32_t m = 0; m < syntax.methods.size(); ++m) {
    const auto& body = syntax.methods[m].body;
    at = std::lower_bound(at, end, body.offset,
                          [](const auto& each, auto offset) { return each.offset < offset; });
    const auto* last =
        std::lower_bound(at, end, body.offset + body.length,
                         [](const auto& each, auto offset) { return each.offset < offset; });
    numbers.take(text, at, last);
    made.shapes.push_back(numbers.shape());
    numbers.marks(m, made.marks);
    at = last;
  }
  for (const auto& each : log.tokens)
    if (each.what == lexeme::string) take_name(each.text().in(text), made.named);
  std::sort(made.named.begin(), made.named.end());
  made.named.erase(std::unique(made.named.begin(), made.named.end()), made.named.end());
  return made;
}

}  // namespace artel::analysis
