// JSON Lines: an object in each line, its values numbers, texts, true, false or null.
#include <nlohmann/json.hpp>

#include "actors/training/data/readers.hpp"

namespace artel::training {
namespace {

using json = nlohmann::json;

class json_lines_reader : public record_reader {
public:
  explicit json_lines_reader(const std::string& path) : in_(path) {}

  bool next(record& into) override {
    if (!read_line(in_, text_, into.line)) return false;
    if (const auto at = invalid_utf8_at(text_); at != std::string::npos)
      in_.mistake(into.line, "byte " + std::to_string(at + 1) + " is no UTF-8; convert the file");
    json object;
    try {
      object = json::parse(text_, repeated_key_refused(into.line));
    } catch (const json::exception& e) {
      in_.mistake(into.line, "is no JSON: " + std::string(e.what()));
    }
    if (!object.is_object()) in_.mistake(into.line, "expected an object with a value per column");
    into.values.clear();
    for (const auto& [name, value] : object.items())
      into.values.push_back({column_of(name, into.line), value.is_null(),
                             value.is_null() ? "" : text_of(name, value, into.line)});
    return true;
  }

private:
  json::parser_callback_t repeated_key_refused(std::uint64_t line) {
    keys_.clear();
    return [this, line](int depth, json::parse_event_t event, json& parsed) {
      if (event == json::parse_event_t::key && depth == 1 &&
          !keys_.emplace(parsed.get<std::string>(), 0).second)
        in_.mistake(line, "the key '" + parsed.get<std::string>() + "' is there twice");
      return true;
    };
  }

  std::uint32_t column_of(const std::string& name, std::uint64_t line) {
    const auto [place, fresh] =
        columns_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (fresh) {
      if (names_.size() == columns_max)
        in_.mistake(line, "more than " + std::to_string(columns_max) + " different keys");
      names_.push_back(name);
    }
    return place->second;
  }

  std::string text_of(const std::string& name, const json& value, std::uint64_t line) const {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
    if (value.is_number()) return value.dump();
    in_.mistake(line, "column '" + name + "': a value that is " +
                          (value.is_array() ? "a list" : "an object") +
                          "; expected a number, a text, true, false or null");
  }

  byte_source in_;
  std::string text_;
  std::unordered_map<std::string, std::uint32_t> columns_;
  std::unordered_map<std::string, int> keys_;
};

}  // namespace

std::unique_ptr<record_reader> open_json_lines(const std::string& path) {
  return std::make_unique<json_lines_reader>(path);
}

}  // namespace artel::training
