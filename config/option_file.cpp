#include "config/option_file.hpp"

#include "config/yaml_reader.hpp"

namespace artel::config {

outcome<std::vector<given_option>> read_option_file(const std::string& text,
                                                    const std::string& file,
                                                    const std::vector<std::string>& known) {
  std::vector<given_option> made;
  try {
    const yaml_reader in(file);
    const auto root = in.parse(text);
    if (root.IsNull()) return made;
    in.keys(root, "the options", known,
            [&](const std::string& name, const YAML::Node& at, const YAML::Node& value) {
              given_option one{name, {}};
              if (value.IsSequence())
                one.values = in.texts(value, name);
              else if (value.IsScalar())
                one.values = {in.text(value, name)};
              else
                in.mistake(at, name + ": expected a value or a list of values");
              made.push_back(std::move(one));
            });
  } catch (const yaml_mistake& wrong) {
    return bad_input(wrong.text);
  }
  return made;
}

}  // namespace artel::config
