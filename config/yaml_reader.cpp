#include "config/yaml_reader.hpp"

#include <algorithm>
#include <set>

#include "config/quantities.hpp"
#include "messages/plain_text.hpp"
#include "messages/spelling.hpp"

namespace artel::config {
namespace {

constexpr std::size_t file_bytes_max = 4U << 20;
constexpr std::size_t expanded_bytes_max = 32U << 20;

std::string shape_of(const YAML::Node& value) {
  switch (value.Type()) {
    case YAML::NodeType::Null:
      return "nothing";
    case YAML::NodeType::Scalar:
      return "'" + value.Scalar() + "'";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Map:
      return "a mapping";
    default:
      return "something undefined";
  }
}

}  // namespace

YAML::Node yaml_reader::parse(const std::string& text) const {
  if (text.size() > file_bytes_max)
    throw yaml_mistake{file_ + ": " + std::to_string(text.size()) + " bytes; at most " +
                       std::to_string(file_bytes_max) + " are allowed"};
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception& e) {
    throw yaml_mistake{file_ + ":" + std::to_string(e.mark.line + 1) + ":" +
                       std::to_string(e.mark.column + 1) + ": not valid YAML: " + e.msg};
  }
}

file_place yaml_reader::place_of(const YAML::Node& at) {
  const auto mark = at.Mark();
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

void yaml_reader::mistake(const YAML::Node& at, const std::string& what) const {
  const auto place = place_of(at);
  throw yaml_mistake{file_ + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) +
                     ": " + what};
}

void yaml_reader::each_key(const YAML::Node& map, const std::string& what,
                           const key_handler& on_key) const {
  if (!map.IsMap()) mistake(map, what + ": expected a mapping, found " + shape_of(map));
  std::set<std::string> seen;
  for (const auto& each : map) {
    if (!each.first.IsScalar()) mistake(each.first, what + ": a key must be text");
    const auto& key = each.first.Scalar();
    if (key == "<<")
      mistake(each.first, what + ": merge keys ('<<') are not supported; write the keys out");
    if (!seen.insert(key).second)
      mistake(each.first, what + ": '" + key + "' appears twice; remove one");
    on_key(key, each.first, each.second);
  }
}

void yaml_reader::keys(const YAML::Node& map, const std::string& what,
                       const std::vector<std::string>& allowed, const key_handler& on_key) const {
  each_key(map, what,
           [&](const std::string& key, const YAML::Node& key_node, const YAML::Node& value) {
             if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
               std::string list;
               for (const auto& each : allowed) list += (list.empty() ? "" : ", ") + each;
               mistake(key_node, what + ": unknown key '" + key + "'" + did_you_mean(key, allowed) +
                                     " (known: " + list + ")");
             }
             on_key(key, key_node, value);
           });
}

std::string yaml_reader::text(const YAML::Node& value, const std::string& what) const {
  if (!value.IsScalar()) mistake(value, what + ": expected text, found " + shape_of(value));
  // Aliases make a small file expand to any size.
  expanded_ += value.Scalar().size() + sizeof(std::string);
  if (expanded_ > expanded_bytes_max)
    mistake(value, what + ": the file expands to more than " + std::to_string(expanded_bytes_max) +
                       " bytes; use fewer aliases");
  return value.Scalar();
}

bool yaml_reader::boolean(const YAML::Node& value, const std::string& what) const {
  const auto word = text(value, what);
  if (word == "true") return true;
  if (word == "false") return false;
  mistake(value, what + ": expected true or false, found '" + word + "'");
}

std::uint64_t yaml_reader::whole(const YAML::Node& value, const std::string& what,
                                 std::uint64_t min, std::uint64_t max) const {
  const auto number = whole_number(text(value, what));
  if (!number || *number < min || *number > max)
    mistake(value, what + ": expected a whole number from " + std::to_string(min) + " to " +
                       std::to_string(max) + ", found " + shape_of(value));
  return *number;
}

double yaml_reader::real(const YAML::Node& value, const std::string& what, double min,
                         double max) const {
  const auto number = real_number(text(value, what));
  if (!number || *number < min || *number > max)
    mistake(value, what + ": expected a number from " + std::to_string(min) + " to " +
                       std::to_string(max) + ", found " + shape_of(value));
  return *number;
}

std::uint64_t yaml_reader::duration(const YAML::Node& value, const std::string& what,
                                    std::uint64_t max_ms) const {
  const auto ms = duration_ms(text(value, what));
  if (!ms)
    mistake(value,
            what + ": expected a duration such as 250ms, 90s, 10m or 2h, found " + shape_of(value));
  if (*ms > max_ms)
    mistake(value,
            what + ": at most " + std::to_string(max_ms / 1000) + "s, found " + shape_of(value));
  return *ms;
}

std::uint64_t yaml_reader::size(const YAML::Node& value, const std::string& what) const {
  const auto bytes = size_bytes(text(value, what));
  if (!bytes)
    mistake(value, what + ": expected a size such as 512MB or 4GB, found " + shape_of(value));
  return *bytes;
}

std::vector<std::string> yaml_reader::texts(const YAML::Node& value,
                                            const std::string& what) const {
  if (!value.IsSequence()) mistake(value, what + ": expected a list, found " + shape_of(value));
  std::vector<std::string> all;
  for (const auto& each : value) all.push_back(text(each, what));
  return all;
}

std::map<std::string, std::string> yaml_reader::text_map(const YAML::Node& value,
                                                         const std::string& what) const {
  std::map<std::string, std::string> all;
  each_key(value, what, [&](const std::string& key, const YAML::Node&, const YAML::Node& each) {
    all[key] = text(each, what + "." + key);
  });
  return all;
}

void yaml_reader::check_name(const YAML::Node& at, const std::string& name,
                             const std::string& what) const {
  if (!is_plain_name(name))
    mistake(at, what + " '" + name +
                    "': expected 1 to 64 of a-z A-Z 0-9 _ - . beginning with a letter");
}

}  // namespace artel::config
