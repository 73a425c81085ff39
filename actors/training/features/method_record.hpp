// A row of the analysis data set, as far as the tables need it.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace artel::training {

struct method_record {
  std::string id, kind, module_type, object_type, object, module, directive, region, split;
  std::string name, signature, doc, code;
  std::vector<std::string> parameters, calls, objects;  ///< objects: metadata that it uses
  bool exported = false;
  double cyclomatic = 0, cognitive = 0, statements = 0, nesting = 0, queries = 0, tables = 0;
  double attributes = 0, sections = 0;
};

/// Throws nlohmann::json::exception when the row is none of the data set.
method_record method_from(const nlohmann::json& row);
/// The code without its declaration and end, comments, and the method's own name.
std::string body_of(const method_record& of);
std::vector<std::string> words_of(const std::string& text);

}  // namespace artel::training
