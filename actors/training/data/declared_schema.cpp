#include <algorithm>

#include "actors/training/data/schema.hpp"
#include "config/yaml_reader.hpp"

namespace artel::training {
namespace {

template <class Names>
std::string listed(const Names& names) {
  std::string text;
  for (const auto& each : names) text += (text.empty() ? "" : ", ") + std::string(each);
  return text;
}

/// "target", "categorical" or a list of both.
void read_column(const config::yaml_reader& in, const std::string& name, const YAML::Node& value,
                 declared_schema& into) {
  const auto what = "columns: " + name;
  const auto words =
      value.IsSequence() ? in.texts(value, what) : std::vector<std::string>{in.text(value, what)};
  for (const auto& word : words) {
    const auto kind = std::find(std::begin(column_kind_names), std::end(column_kind_names), word);
    const auto role = std::find(std::begin(column_role_names), std::end(column_role_names), word);
    if (kind != std::end(column_kind_names))
      into.kinds[name] = static_cast<column_kind>(kind - std::begin(column_kind_names));
    else if (role != std::end(column_role_names))
      into.roles[name] = static_cast<column_role>(role - std::begin(column_role_names));
    else
      in.mistake(value, what + ": '" + word + "'; expected a kind (" + listed(column_kind_names) +
                            ") or a role (" + listed(column_role_names) + ")");
  }
}

}  // namespace

outcome<declared_schema> read_declared_schema(const std::string& text, const std::string& name) {
  const config::yaml_reader in(name);
  declared_schema made;
  try {
    in.keys(in.parse(text), "a schema",
            {"format", "delimiter", "header", "missing", "columns", "others"},
            [&](const std::string& key, const YAML::Node&, const YAML::Node& value) {
              if (key == "format") {
                const auto format = format_from(in.text(value, key));
                if (!format) in.mistake(value, format.error().text);
                made.format.format = *format;
                made.format_known = true;
              } else if (key == "delimiter") {
                const auto mark = in.text(value, key);
                if (mark.size() != 1 || mark == "\"" || mark == "\n")
                  in.mistake(value, "delimiter: expected one character that is no quote");
                made.format.delimiter = mark[0];
              } else if (key == "header") {
                made.format.header = in.boolean(value, key);
              } else if (key == "missing") {
                const auto all = in.texts(value, key);
                made.missing = {all.begin(), all.end()};
                made.missing.insert("");
              } else if (key == "others") {
                const auto word = in.text(value, key);
                if (word != "ignore" && word != "infer")
                  in.mistake(value, "others: '" + word + "'; expected infer or ignore");
                made.others_ignored = word == "ignore";
              } else {
                in.each_key(value, "columns",
                            [&](const std::string& column, const YAML::Node&,
                                const YAML::Node& words) { read_column(in, column, words, made); });
              }
            });
  } catch (const config::yaml_mistake& e) {
    return bad_input(e.text);
  }
  return made;
}

}  // namespace artel::training
