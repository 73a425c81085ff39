// Rules about the names of variables: never read, overwritten, spelled in two alphabets.
#include <algorithm>
#include <array>
#include <string>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

using kind = statement_kind;

// Lists of names are walked for each name; what is longer is taken to hold it.
constexpr std::size_t names_compared_max = 256;

enum class alphabet { other, latin, cyrillic };

alphabet alphabet_of(char32_t value) {
  if ((value >= U'a' && value <= U'z') || (value >= U'A' && value <= U'Z')) return alphabet::latin;
  if (value >= 0x400 && value <= 0x4FF) return alphabet::cyrillic;
  return alphabet::other;
}

bool looks_alike(char32_t value) {
  // а с е о р х у, А В С Е Н К М О Р Т Х in both alphabets
  constexpr std::u32string_view latin = U"aceopxyABCEHKMOPTX";
  constexpr std::u32string_view cyrillic =
      U"\u0430\u0441\u0435\u043E\u0440\u0445\u0443\u0410\u0412\u0421\u0415\u041D\u041A\u041C\u041E"
      U"\u0420\u0422\u0425";
  return latin.find(value) != std::u32string_view::npos ||
         cyrillic.find(value) != std::u32string_view::npos;
}

bool is_small(char32_t value) {
  return (value >= U'a' && value <= U'z') || (value >= 0x430 && value <= 0x45F);
}

struct letters {
  static constexpr std::size_t letters_max = 128;  // longer names are not looked at
  std::array<char32_t, letters_max> values{};
  std::size_t size = 0;
};

// One or two letters of the other alphabet that look like this one's, inside a word: the neighbour
// goes on in small letters. Names such as ПолеX or ТипXML mix alphabets for a reason.
bool is_mixed(const letters& name) {
  for (std::size_t at = 0; at < name.size;) {
    const auto script = alphabet_of(name.values[at]);
    auto end = at;
    bool alike = script != alphabet::other;
    while (end < name.size && alphabet_of(name.values[end]) == script)
      alike &= looks_alike(name.values[end++]);
    if (end == at) end = at + 1;
    if (alike && end - at <= 2) {
      const auto other = script == alphabet::latin ? alphabet::cyrillic : alphabet::latin;
      const bool before = at > 0 && alphabet_of(name.values[at - 1]) == other;
      const bool behind = end < name.size && alphabet_of(name.values[end]) == other;
      const bool last_small = is_small(name.values[end - 1]);
      const bool starts_word = behind && is_small(name.values[end]);
      const bool ends_word = before && !behind && last_small && is_small(name.values[at]) &&
                             is_small(name.values[at - 1]);
      if (starts_word || ends_word) return true;
    }
    at = end;
  }
  return false;
}

/// What the bytes of a name say, in one walk.
struct name_bytes {
  bool latin = false;
  bool wide = false;
  bool yo = false;
};

name_bytes look_at_bytes(std::string_view name) {
  name_bytes found;
  unsigned before = 0;
  for (const char each : name) {
    const auto byte = static_cast<unsigned char>(each);
    found.wide |= byte >= 0x80;
    found.latin |= (byte | 0x20U) - unsigned{'a'} < 26;
    found.yo |= (before == 0xD1 && byte == 0x91) || (before == 0xD0 && byte == 0x81);
    before = byte;
  }
  return found;
}

void spelling(const rule_context& in, bsl::span where, std::uint32_t line) {
  const auto name = where.in(in.module.text);
  const auto bytes = look_at_bytes(name);
  if (bytes.yo) in.add(rule_id::yo_letter, where, line, line, name);
  if (!bytes.latin || !bytes.wide) return;
  letters decoded;
  for (std::size_t at = 0; at < name.size() && decoded.size < letters::letters_max;) {
    const auto point = decode(name, at);
    decoded.values[decoded.size++] = point.value;
    at += point.size;
  }
  if (is_mixed(decoded)) in.add(rule_id::mixed_alphabets, where, line, line, name);
}

bool runs_text(const rule_context& in) {
  for (const auto& each : in.code.statements())
    if (each.kind == kind::execute) return true;
  for (auto i = in.from; i < in.to; ++i)
    if (in.code.known(i) == word::evaluate) return true;
  return false;
}

bool is_parameter(const rule_context& in, std::string_view name) {
  if (in.method == nullptr) return false;
  const auto given = in.parameters();
  if (given.size() > names_compared_max) return true;
  return std::any_of(given.begin(), given.end(), [&](const auto& each) {
    return same_name(each.name.in(in.module.text), name);
  });
}

bool is_module_variable(const rule_context& in, std::string_view name) {
  const auto& all = in.module.entry.syntax.variables;
  if (all.size() > names_compared_max) return true;
  return std::any_of(all.begin(), all.end(), [&](const auto& each) {
    return same_name(each.name.in(in.module.text), name);
  });
}

// In modules of forms and objects a name may be an attribute; only what is declared is surely
// local.
void variables(const rule_context& in) {
  const bool all_local = in.is("CommonModule") || in.is("ManagerModule") ||
                         in.is("CommandModule") || in.is("HTTPServiceModule") ||
                         in.is("WebServiceModule");
  for (const auto& each : in.code.symbols()) {
    if (each.loop || (!all_local && !each.declared)) continue;
    if (each.count != each.writes + (each.declared ? 1 : 0)) continue;
    const auto name = in.code.word_text(each.first);
    if (each.writes == 0 && !each.declared) continue;
    if (is_parameter(in, name) || is_module_variable(in, name)) continue;
    in.add(rule_id::unused_variable, each.first, each.first, name);
  }
}

// Methods that others or the platform call by contract take what they are given; private methods
// of modules without handlers choose their parameters themselves.
void parameters(const rule_context& in) {
  if (in.method->exported || in.named_in_text || in.method->metrics.statements == 0) return;
  if (!in.is("CommonModule") && !(in.is("ManagerModule") && in.called_here)) return;
  for (const auto& note : in.annotations())
    if (!note.argument.empty()) return;
  const auto parameters = in.parameters();
  auto given = parameters.begin();
  for (auto i = in.head; i < in.from && given != parameters.end(); ++i) {
    if (in.code.token(i).offset != given->name.offset) continue;
    ++given;
    const auto name = in.code.word_text(i);
    if (in.code.find_symbol(name, in.code.hash(i)) == none)
      in.add(rule_id::unused_parameter, i, i, name);
  }
}

// A parameter by reference may be meant to give a value back; one by value is lost.
void overwritten(const rule_context& in) {
  for (const auto& given : in.parameters()) {
    if (!given.by_value) continue;
    const auto name = given.name.in(in.module.text);
    const auto number = in.code.find_symbol(name, name_hash(name));
    if (number == none) continue;
    const auto first = in.code.symbols()[number].first;
    const auto& all = in.code.statements();
    auto found =
        std::upper_bound(all.begin(), all.end(), first,
                         [](std::uint32_t at, const auto& each) { return at < each.first; });
    if (found == all.begin()) continue;
    const auto& user = *--found;
    if (user.kind != kind::assignment || user.first != first || user.assign != first + 1) continue;
    if (user.depth != 0 || in.code.next_place(first) < user.last) continue;
    in.add(rule_id::rewritten_parameter, first, first, name);
  }
}

}  // namespace

void name_rules(const rule_context& in) {
  for (const auto& each : in.code.symbols())
    spelling(in, in.code.token(each.first).text(), in.code.token(each.first).line);
  if (in.method != nullptr) spelling(in, in.method->name, in.method->line_start);
  if (runs_text(in)) return;  // code in texts may say any name
  if (in.code.names_given_up()) return;
  variables(in);
  if (in.method == nullptr) return;
  parameters(in);
  overwritten(in);
}

}  // namespace artel::analysis
