// The options of a node in a YAML file: a key for each, a text, number, truth or list of texts.
#pragma once

#include <string>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::config {

struct given_option {
  std::string name;  ///< as on the command line, without --
  std::vector<std::string> values;
};

/// `known`: names that there are. Trouble says what is wrong and where.
outcome<std::vector<given_option>> read_option_file(const std::string& text,
                                                    const std::string& file,
                                                    const std::vector<std::string>& known);

}  // namespace artel::config
