#include "actors/training/data/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace artel::training {
namespace {

constexpr std::size_t distinct_max = 1'000;      ///< of a categorical column that is not declared
constexpr std::size_t category_bytes_max = 200;  ///< longer values are text

/// What one pass over a column's values tells of it.
class column_facts {
public:
  void see(const std::string& text) {
    ++count_;
    double value = 0;
    numeric_ = numeric_ && read_number(text, value);
    timestamp_ = timestamp_ && read_timestamp(text, value);
    longest_ = std::max(longest_, text.size());
    blank_ = blank_ || text.find_first_of(" \t\n") != std::string::npos;
    // Values that are numbers so far are not kept: most columns end so.
    if (distinct_.size() <= distinct_max && text.size() <= category_bytes_max)
      distinct_.insert(text);
    // Only what identifies from the first value on is taken for an id.
    if (numeric_ || hashes_.size() >= hashes_max) may_identify_ = false;
    if (may_identify_ && !hashes_.insert(hash_(text)).second) may_identify_ = false;
    if (!may_identify_) hashes_.clear();
  }
  std::uint64_t count() const { return count_; }
  column_kind kind() const {
    if (numeric_) return column_kind::numeric;
    if (timestamp_) return column_kind::timestamp;
    const bool few = distinct_.size() <= distinct_max && longest_ <= category_bytes_max;
    return few && (distinct_.size() * 2 <= count_ || distinct_.size() <= 20)
               ? column_kind::categorical
               : column_kind::text;
  }
  /// No two values are the same, and none has a blank.
  bool identifies() const {
    return !numeric_ && !timestamp_ && !blank_ && may_identify_ && count_ > 20 &&
           longest_ <= category_bytes_max;
  }

private:
  static constexpr std::size_t hashes_max = 1'000'000;

  std::uint64_t count_ = 0;
  bool numeric_ = true, timestamp_ = true, blank_ = false, may_identify_ = true;
  std::size_t longest_ = 0;
  std::unordered_set<std::string> distinct_;
  std::hash<std::string> hash_;
  std::unordered_set<std::size_t> hashes_;
};

template <class Names>
std::size_t index_in(const Names& names, const std::string& text) {
  return static_cast<std::size_t>(std::find(std::begin(names), std::end(names), text) -
                                  std::begin(names));
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 20; ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > 20 ? text + " …" : text;
}

void check_declared(const std::string& path, const declared_schema& declared,
                    const std::vector<std::string>& names) {
  const auto check = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw data_mistake{path + ": has no column '" + name + "'; its columns are " + listed(names)};
  };
  for (const auto& [name, kind] : declared.kinds) check(name);
  for (const auto& [name, role] : declared.roles) check(name);
}

}  // namespace

std::set<std::string> table_schema::default_missing() {
  return {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"};
}

const column_spec* table_schema::find(const std::string& name) const {
  for (const auto& each : columns)
    if (each.name == name) return &each;
  return nullptr;
}

const column_spec* table_schema::of_role(column_role role) const {
  for (const auto& each : columns)
    if (each.role == role) return &each;
  return nullptr;
}

table_schema infer_schema(const std::string& path, const declared_schema& declared) {
  table_schema made;
  made.format = declared.format;
  made.missing = declared.missing;
  if (!declared.format_known) {
    const auto told = format_of(path);
    if (!told) throw data_mistake{told.error().text};
    made.format.format = *told;
  }
  const auto reader = open_records(path, made.format);
  std::vector<column_facts> facts;
  record each;
  std::uint64_t rows = 0;
  for (; reader->next(each); ++rows) {
    if (facts.size() < reader->names().size()) facts.resize(reader->names().size());
    for (const auto& value : each.values)
      if (!value.missing && !made.missing.contains(value.text)) facts[value.column].see(value.text);
  }
  facts.resize(reader->names().size());
  if (rows == 0)
    throw data_mistake{path + ": has no rows" +
                       (reader->names().empty() ? "; the file is empty" : " behind its header")};
  check_declared(path, declared, reader->names());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const auto& name = reader->names()[i];
    column_spec spec{name, facts[i].kind(), column_role::feature};
    const auto kind = declared.kinds.find(name);
    const auto role = declared.roles.find(name);
    if (kind != declared.kinds.end()) spec.kind = kind->second;
    if (role != declared.roles.end())
      spec.role = role->second;
    else if (declared.others_ignored && kind == declared.kinds.end())
      spec.role = column_role::ignored;
    else if (facts[i].count() == 0)
      spec.role = column_role::ignored;
    else if (kind == declared.kinds.end() && facts[i].identifies())
      spec.role = column_role::id;
    made.columns.push_back(std::move(spec));
  }
  return made;
}

table_schema schema_for(table_schema schema, const std::string& path) {
  if (const auto format = format_of(path); format && *format != schema.format.format) {
    schema.format.format = *format;
    schema.format.delimiter = 0;
    schema.format.header = true;
  }
  return schema;
}

nlohmann::json to_json(const table_schema& schema) {
  auto columns = nlohmann::json::array();
  for (const auto& each : schema.columns)
    columns.push_back({{"name", each.name},
                       {"kind", column_kind_names[static_cast<std::size_t>(each.kind)]},
                       {"role", column_role_names[static_cast<std::size_t>(each.role)]}});
  return {
      {"format", to_text(schema.format.format)},
      {"delimiter", schema.format.delimiter == 0 ? "" : std::string(1, schema.format.delimiter)},
      {"header", schema.format.header},
      {"missing", schema.missing},
      {"columns", columns}};
}

outcome<table_schema> schema_from(const nlohmann::json& saved) {
  try {
    table_schema made;
    const auto format = format_from(saved.at("format").get<std::string>());
    if (!format) return format.error();
    made.format.format = *format;
    const auto delimiter = saved.at("delimiter").get<std::string>();
    made.format.delimiter = delimiter.empty() ? '\0' : delimiter[0];
    made.format.header = saved.at("header").get<bool>();
    made.missing = saved.at("missing").get<std::set<std::string>>();
    for (const auto& each : saved.at("columns")) {
      const auto kind = index_in(column_kind_names, each.at("kind").get<std::string>());
      const auto role = index_in(column_role_names, each.at("role").get<std::string>());
      if (kind == std::size(column_kind_names) || role == std::size(column_role_names))
        return trouble{trouble_code::corrupt, "a saved schema has a column of an unknown kind"};
      made.columns.push_back({each.at("name").get<std::string>(), static_cast<column_kind>(kind),
                              static_cast<column_role>(role)});
    }
    return made;
  } catch (const nlohmann::json::exception& e) {
    return trouble{trouble_code::corrupt,
                   "a saved schema can not be read: " + std::string(e.what())};
  }
}

}  // namespace artel::training
