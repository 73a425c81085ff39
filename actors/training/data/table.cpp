#include "actors/training/data/table.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace artel::training {
namespace {

constexpr std::size_t shown_max = 60;  // bytes of a value in a message
constexpr double number_max = std::numeric_limits<float>::max();

std::string shown(const std::string& text) {
  if (text.size() <= shown_max) return "'" + text + "'";
  auto end = shown_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return "'" + text.substr(0, end) + "…'";
}

bool is_word(column_role role) {
  return role == column_role::id || role == column_role::query || role == column_role::user ||
         role == column_role::item || role == column_role::group || role == column_role::split;
}

class table_loader {
public:
  table_loader(const std::string& path, const table_schema& schema, bool more_allowed)
      : more_allowed_(more_allowed) {
    made_.path = path;
    made_.schema = schema;
    for (const auto& spec : schema.columns) {
      if (spec.role == column_role::ignored) continue;
      made_.columns.push_back({spec, {}, {}, {}, {}});
      auto& own = made_.columns.back().spec;
      if (is_word(own.role)) own.kind = column_kind::categorical;
      if (own.role == column_role::weight) own.kind = column_kind::numeric;
    }
    words_.resize(made_.columns.size());
  }

  table load() {
    const auto reader = open_records(made_.path, made_.schema.format);
    record each;
    while (reader->next(each)) {
      if (made_.rows() == rows_max)
        throw data_mistake{made_.path + ": has more than " + std::to_string(rows_max) + " rows"};
      if (made_.rows() * made_.columns.size() >= cells_max)
        throw data_mistake{made_.path + ": more than " + std::to_string(cells_max) +
                           " values (rows × columns) do not fit; take fewer columns or rows"};
      while (places_.size() < reader->names().size())
        places_.push_back(place_of(reader->names()[places_.size()]));
      add_row(each);
    }
    if (made_.rows() == 0) throw data_mistake{made_.path + ": has no rows"};
    for (std::size_t i = 0; i < made_.columns.size(); ++i)
      if (std::find(places_.begin(), places_.end(), i) == places_.end()) lacks(i);
    return std::move(made_);
  }

private:
  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

  std::size_t place_of(const std::string& name) const {
    for (std::size_t i = 0; i < made_.columns.size(); ++i)
      if (made_.columns[i].spec.name == name) return i;
    if (made_.schema.find(name) == nullptr && !more_allowed_)
      throw data_mistake{made_.path + ": has a column '" + name +
                         "' that the schema does not know; declare it, or take it out"};
    return nowhere;
  }

  void lacks(std::size_t i) const {
    const auto& spec = made_.columns[i].spec;
    const bool sparse = made_.schema.format.format == file_format::libsvm ||
                        made_.schema.format.format == file_format::json_lines;
    if (spec.role == column_role::feature && !sparse)
      throw data_mistake{made_.path + ": lacks the column '" + spec.name + "' (" +
                         std::string(column_kind_names[static_cast<std::size_t>(spec.kind)]) + ")"};
  }

  void add_row(const record& from) {
    const auto row = made_.rows();
    made_.lines.push_back(from.line);
    for (auto& each : made_.columns) {
      if (each.is_number())
        each.numbers.push_back(std::numeric_limits<double>::quiet_NaN());
      else if (each.is_coded())
        each.codes.push_back(no_word);
      else
        each.texts.emplace_back();
    }
    for (const auto& value : from.values)
      if (const auto place = places_[value.column];
          place != nowhere && !value.missing && !made_.schema.missing.contains(value.text))
        set(place, row, value.text);
  }

  void set(std::size_t place, std::size_t row, const std::string& text) {
    auto& into = made_.columns[place];
    const auto refuse = [&](const std::string& what) {
      throw data_mistake{made_.place(row, into) + what};
    };
    switch (into.spec.kind) {
      case column_kind::numeric:
        if (!read_number(text, into.numbers[row]))
          refuse(shown(text) +
                 " is no finite number; mend it, declare it as missing, or declare the column "
                 "categorical or text");
        break;
      case column_kind::timestamp:
        if (!read_timestamp(text, into.numbers[row]))
          refuse(shown(text) + " is no timestamp; expected one like 2026-11-27T10:20:30Z");
        break;
      case column_kind::categorical: {
        const auto [word, fresh] =
            words_[place].try_emplace(text, static_cast<std::uint32_t>(into.words.size()));
        if (fresh) into.words.push_back(text);
        into.codes[row] = word->second;
        break;
      }
      case column_kind::text:
        into.texts[row] = text;
        break;
    }
    if (into.is_number() && std::abs(into.numbers[row]) > number_max)
      refuse(shown(text) + " is too large for a model; at most 3.4e38");
    if (into.spec.role == column_role::weight && into.numbers[row] < 0)
      refuse("a weight of " + text + "; expected at least 0");
  }

  table made_;
  bool more_allowed_;
  std::vector<std::size_t> places_;  ///< of the file's columns among ours
  std::vector<std::unordered_map<std::string, std::uint32_t>> words_;
};

}  // namespace

std::string column::text_of(std::size_t row) const {
  if (missing(row)) return "";
  if (is_coded()) return words[codes[row]];
  if (!is_number()) return texts[row];
  char buffer[32];
  const auto made = std::to_chars(buffer, buffer + sizeof buffer, numbers[row]);
  return {buffer, made.ptr};
}

const column* table::find(const std::string& name) const {
  for (const auto& each : columns)
    if (each.spec.name == name) return &each;
  return nullptr;
}

const column* table::of_role(column_role role) const {
  for (const auto& each : columns)
    if (each.spec.role == role) return &each;
  return nullptr;
}

std::string table::place(std::size_t row, const column& of) const {
  return path + ":" + std::to_string(lines[row]) + ": column '" + of.spec.name + "': ";
}

table load_table(const std::string& path, const table_schema& schema, bool more_allowed) {
  return table_loader(path, schema, more_allowed).load();
}

}  // namespace artel::training
