// What the columns of a data file are: inferred from all of its values, or declared, and saved with
// each model so that later files are read the same way.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "actors/training/data/records.hpp"

namespace artel::training {

/// numeric: a finite number; categorical: one of few texts; text: words; timestamp: a date, with a
/// time or without, taken as seconds since 1970 UTC.
enum class column_kind { numeric, categorical, text, timestamp };
/// What a column is for. `id` and `ignored` are never seen by a model; `query` groups the rows of a
/// ranking; `user` and `item` are the two sides of a recommendation; `group` keeps rows in one
/// part; `split` says the part of each row: train, validation, test, excluded.
enum class column_role { feature, target, weight, id, query, user, item, group, split, ignored };

constexpr std::string_view column_kind_names[] = {"numeric", "categorical", "text", "timestamp"};
constexpr std::string_view column_role_names[] = {
    "feature", "target", "weight", "id", "query", "user", "item", "group", "split", "ignored"};

struct column_spec {
  std::string name;
  column_kind kind = column_kind::numeric;
  column_role role = column_role::feature;
  friend bool operator==(const column_spec&, const column_spec&) = default;
};

struct table_schema {
  record_format format;
  std::set<std::string> missing = default_missing();  ///< values that say that there is none
  std::vector<column_spec> columns;
  const column_spec* find(const std::string& name) const;
  const column_spec* of_role(column_role role) const;
  static std::set<std::string> default_missing();
};

/// What is known of a file before it is looked at.
struct declared_schema {
  record_format format;
  bool format_known = false;
  std::set<std::string> missing = table_schema::default_missing();
  std::map<std::string, column_kind> kinds;
  std::map<std::string, column_role> roles;
  bool others_ignored = false;  ///< columns that are not declared are not looked at
};

/// From YAML (docs/TRAINING.md); `text` is a file's content, `name` its path.
outcome<declared_schema> read_declared_schema(const std::string& text, const std::string& name);

/// One pass over the file. What is not declared is numeric when all values are numbers, else a
/// timestamp when all are dates, else categorical when values repeat, else text (or an id, when no
/// two are the same and none has a blank). Throws data_mistake, also for a declared column that is
/// not there.
table_schema infer_schema(const std::string& path, const declared_schema& declared);

/// The schema for another file: in the format that its name tells, when that is another one.
table_schema schema_for(table_schema schema, const std::string& path);

nlohmann::json to_json(const table_schema& schema);
outcome<table_schema> schema_from(const nlohmann::json& saved);

/// A finite decimal number; blanks around it are borne.
bool read_number(std::string_view text, double& into);
/// 2026-11-27, 2026-11-27T10:20:30Z, with a blank for the T, with fractions, with +03:00; seconds
/// since 1970.
bool read_timestamp(std::string_view text, double& into);

}  // namespace artel::training
