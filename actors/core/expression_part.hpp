// The parsed tree of an expression, between the parser and the evaluation.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "actors/core/expression.hpp"

namespace artel::core {

struct expression_part {
  enum class kind : unsigned char {
    literal,    ///< value
    list,       ///< parts
    read,       ///< what
    member,     ///< parts[0] . parts[1]
    call,       ///< name(parts…)
    operation,  ///< name applied to one or two parts
    choice      ///< parts[0] ? parts[1] : parts[2]
  };
  kind is = kind::literal;
  std::string name;
  nlohmann::json value;
  reference what;
  std::vector<std::unique_ptr<expression_part>> parts;
};

struct expression_function {
  using worker = nlohmann::json (*)(const std::vector<nlohmann::json>&);
  std::size_t least, most;  ///< arguments
  worker run;  ///< nullptr for default(), which may not look at its first argument at once
};
/// Every function there is, by name.
const std::map<std::string_view, expression_function>& expression_functions();

}  // namespace artel::core
