#include "actors/core/expression.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "actors/core/expression_part.hpp"
#include "messages/spelling.hpp"

namespace artel::core {
namespace {

using part = expression_part;
using part_ptr = std::unique_ptr<part>;

struct mistake {
  std::size_t at;
  std::string text;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

part_ptr make(part::kind is, std::string name = {}) {
  auto made = std::make_unique<part>();
  made->is = is;
  made->name = std::move(name);
  return made;
}

/// Recursive descent, a function per level of precedence.
class parser {
public:
  parser(std::string_view text, std::vector<reference>& reads) : text_(text), reads_(reads) {}

  part_ptr whole() {
    auto made = choice();
    skip_space();
    if (at_ != text_.size()) fail("expected an operator or the end");
    return made;
  }

private:
  [[noreturn]] void fail(const std::string& what) {
    throw mistake{
        at_, what + (at_ < text_.size() ? ", found '" + std::string(text_.substr(at_, 12)) + "'"
                                        : ", found the end")};
  }

  void skip_space() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr) ++at_;
  }

  bool take(std::string_view sign) {
    skip_space();
    if (text_.substr(at_, sign.size()) != sign) return false;
    // A word ends where no letter follows; '<' is not the beginning of '<='.
    const char next = at_ + sign.size() < text_.size() ? text_[at_ + sign.size()] : ' ';
    if (is_letter(sign[0]) && (is_letter(next) || is_digit(next))) return false;
    if (sign.size() == 1 && std::strchr("<>!=", sign[0]) != nullptr && next == '=') return false;
    at_ += sign.size();
    return true;
  }

  void expect(std::string_view sign) {
    if (!take(sign)) fail("expected '" + std::string(sign) + "'");
  }

  part_ptr choice() {
    if (++depth_ > expression_depth_max) fail("nested too deeply");
    auto made = either();
    if (take("?")) {
      auto chosen = make(part::kind::choice);
      chosen->parts.push_back(std::move(made));
      chosen->parts.push_back(choice());
      expect(":");
      chosen->parts.push_back(choice());
      made = std::move(chosen);
    }
    --depth_;
    return made;
  }

  template <class Next>
  part_ptr left_to_right(const std::vector<std::string_view>& signs, Next next) {
    auto made = next();
    for (std::size_t turns = 0;; ++turns) {
      const auto found =
          std::find_if(signs.begin(), signs.end(), [this](auto sign) { return take(sign); });
      if (found == signs.end()) return made;
      // The tree leans to the left: its depth counts as well.
      if (turns > expression_depth_max) fail("too many operators in a row; use brackets or a list");
      auto both = make(part::kind::operation, std::string(*found));
      both->parts.push_back(std::move(made));
      both->parts.push_back(next());
      made = std::move(both);
    }
  }

  part_ptr either() {
    return left_to_right({"or", "||"}, [this] { return both(); });
  }
  part_ptr both() {
    return left_to_right({"and", "&&"}, [this] { return negation(); });
  }
  part_ptr negation() {
    if (!take("not") && !take("!")) return comparison();
    if (++depth_ > expression_depth_max) fail("nested too deeply");
    auto made = make(part::kind::operation, "not");
    made->parts.push_back(negation());
    --depth_;
    return made;
  }
  part_ptr comparison() {
    auto made = sum();
    for (const auto* sign : {"==", "!=", "<=", ">=", "<", ">", "not in", "in"})
      if (take(sign)) {
        auto compared = make(part::kind::operation, sign);
        compared->parts.push_back(std::move(made));
        compared->parts.push_back(sum());
        return compared;
      }
    return made;
  }
  part_ptr sum() {
    return left_to_right({"+", "-"}, [this] { return product(); });
  }
  part_ptr product() {
    return left_to_right({"*", "/", "%"}, [this] { return sign(); });
  }
  part_ptr sign() {
    if (!take("-")) return postfix();
    if (++depth_ > expression_depth_max) fail("nested too deeply");
    auto made = make(part::kind::operation, "negative");
    made->parts.push_back(sign());
    --depth_;
    return made;
  }

  /// The first constant key belongs to the reference, the rest are members.
  part_ptr postfix() {
    auto made = primary();
    while (true) {
      part_ptr key;
      if (take(".")) {
        key = make(part::kind::literal);
        key->value = word();
      } else if (take("[")) {
        key = choice();
        expect("]");
      } else {
        return made;
      }
      const bool first = made->is == part::kind::read && made->what.key.empty();
      if (first && key->is == part::kind::literal && key->value.is_string() &&
          !key->value.get_ref<const std::string&>().empty()) {
        made->what.key = key->value.get<std::string>();
        reads_.back() = made->what;
        continue;
      }
      if (++members_ > expression_depth_max) fail("too many members");
      auto member = make(part::kind::member);
      member->parts.push_back(std::move(made));
      member->parts.push_back(std::move(key));
      made = std::move(member);
    }
  }

  part_ptr primary() {
    skip_space();
    if (at_ == text_.size()) fail("expected a value");
    const char c = text_[at_];
    if (c == '\'' || c == '"') return quoted(c);
    if (is_digit(c)) return number();
    if (take("(")) {
      auto made = choice();
      expect(")");
      return made;
    }
    if (take("[")) {
      auto made = make(part::kind::list);
      values(*made, "]");
      return made;
    }
    if (!is_letter(c)) fail("expected a value");
    return named();
  }

  void values(part& into, std::string_view end) {
    if (take(end)) return;
    do into.parts.push_back(choice());
    while (take(","));
    expect(end);
  }

  part_ptr named() {
    const auto began = at_;
    auto name = word();
    auto made = make(part::kind::literal);
    if (name == "true" || name == "false") return made->value = name == "true", std::move(made);
    if (name == "null") return made;
    if (!take("(")) {
      made->is = part::kind::read;
      made->what.root = name;
      reads_.push_back(made->what);
      return made;
    }
    const auto& all = expression_functions();
    const auto known = all.find(name);
    if (known == all.end()) {
      std::vector<std::string> names;
      for (const auto& [each, function] : all) names.emplace_back(each);
      throw mistake{began, "unknown function '" + name + "'" + did_you_mean(name, names)};
    }
    made->is = part::kind::call;
    made->name = name;
    values(*made, ")");
    if (made->parts.size() < known->second.least || made->parts.size() > known->second.most)
      throw mistake{
          began, name + "() takes " + std::to_string(known->second.least) +
                     (known->second.most == known->second.least ? std::string()
                      : known->second.most > 1'000              ? " or more"
                                                   : " to " + std::to_string(known->second.most)) +
                     " values, found " + std::to_string(made->parts.size())};
    return made;
  }

  std::string word() {
    skip_space();
    const auto began = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || (at_ > began && is_digit(text_[at_]))))
      ++at_;
    if (at_ == began) fail("expected a name");
    return std::string(text_.substr(began, at_ - began));
  }

  part_ptr quoted(char quote) {
    auto made = make(part::kind::literal);
    std::string text;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] != '\\') {
        text += text_[at_];
        continue;
      }
      if (++at_ == text_.size()) break;
      const char c = text_[at_];
      text += c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
    if (at_ == text_.size()) fail("the text does not end; a closing quote is missing");
    ++at_;
    made->value = std::move(text);
    return made;
  }

  part_ptr number() {
    auto made = make(part::kind::literal);
    const char* const end = text_.data() + text_.size();
    const char* const begin = text_.data() + at_;
    double real = 0;
    const auto parsed = std::from_chars(begin, end, real);
    if (parsed.ec != std::errc{}) fail("expected a number");
    std::int64_t whole = 0;
    const auto exact = std::from_chars(begin, parsed.ptr, whole);
    if (exact.ec == std::errc{} && exact.ptr == parsed.ptr)
      made->value = whole;
    else
      made->value = real;
    at_ = static_cast<std::size_t>(parsed.ptr - text_.data());
    if (at_ < text_.size() && is_letter(text_[at_])) fail("expected an operator after the number");
    return made;
  }

  std::string_view text_;
  std::vector<reference>& reads_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t members_ = 0;
};

}  // namespace

outcome<expression> expression::parse(std::string_view text) {
  if (text.size() > expression_bytes_max)
    return bad_input("an expression of " + std::to_string(text.size()) + " bytes; at most " +
                     std::to_string(expression_bytes_max) + " are allowed");
  expression made;
  try {
    made.root_ = parser(text, made.reads_).whole();
  } catch (const mistake& wrong) {
    return bad_input("'" + std::string(text) + "', column " + std::to_string(wrong.at + 1) + ": " +
                     wrong.text);
  }
  return made;
}

expression expression::of(reference what) {
  auto read = make(part::kind::read);
  read->what = what;
  expression made;
  made.root_ = std::move(read);
  made.reads_ = {std::move(what)};
  return made;
}

bool expression::is_plain() const { return root_->is == part::kind::read; }

}  // namespace artel::core
