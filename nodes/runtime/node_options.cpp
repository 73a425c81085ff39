#include "nodes/runtime/node_options.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>

#include "config/option_file.hpp"
#include "nodes/runtime/runtime.hpp"

namespace artel::nodes {
namespace {

std::string variable_of(std::string option) {
  for (auto& each : option)
    each = each == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
  return "ARTEL_NODE_" + option;
}

bool is_given_by_variable(const std::string& option) {
  const char* value = std::getenv(variable_of(option).c_str());
  return value != nullptr && *value != 0;
}

/// CLI11's files are INI and TOML; ours is YAML, read with the place of every mistake.
class yaml_options : public CLI::Config {
public:
  yaml_options(const CLI::App& of, std::string kind) : of_(of), kind_(std::move(kind)) {}

  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

  std::vector<CLI::ConfigItem> from_config(std::istream& in) const override {
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto file = of_.get_config_ptr()->as<std::string>();
    std::vector<std::string> known{"node"};
    for (const auto* each : of_.get_options())
      if (!each->get_lnames().empty()) known.push_back(each->get_lnames().front());
    std::erase_if(known, [](const auto& name) {
      return name == "help" || name == "version" || name == "config" || name == "check";
    });
    const auto given = config::read_option_file(text, file, known);
    if (!given) throw CLI::ConfigError(given.error().text, CLI::ExitCodes::ConfigError);
    std::vector<CLI::ConfigItem> made;
    for (const auto& one : *given) {
      if (one.name == "node") {
        if (one.values != std::vector{kind_})
          throw CLI::ConfigError(
              file + ": node: is not '" + kind_ + "': the file is for another program",
              CLI::ExitCodes::ConfigError);
        continue;
      }
      if (is_given_by_variable(one.name)) continue;
      CLI::ConfigItem item;
      item.name = one.name;
      item.inputs = one.values;
      if (!item.inputs.empty()) made.push_back(std::move(item));
    }
    return made;
  }

private:
  const CLI::App& of_;
  std::string kind_;
};

}  // namespace

node_options::node_options(std::string program, std::string kind, const std::string& purpose)
    : program_(std::move(program)), kind_(std::move(kind)), app_(program_ + ": " + purpose) {
  app_.set_version_flag("--version", version());
  app_.set_config("--config", "", "YAML file with options, a key for each (docs/CONFIGURATION.md)");
  app_.add_flag("--check", only_check_, "look whether the options are good, and leave");
}

void node_options::finish() {
  for (auto* each : app_.get_options())
    if (!each->get_lnames().empty() && each->get_lnames().front() != "help" &&
        each->get_lnames().front() != "version" && each->get_lnames().front() != "check")
      each->envname(variable_of(each->get_lnames().front()));
  app_.config_formatter(std::make_shared<yaml_options>(app_, kind_));
}

std::optional<int> node_options::parse(int argc, char** argv) {
  finish();
  try {
    app_.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& e) {
    return app_.exit(e) == 0 ? exit_ok : exit_bad_input;
  }
}

outcome<done> node_options::parse_again(int argc, char** argv) {
  finish();
  try {
    app_.parse(argc, argv);
    return done{};
  } catch (const CLI::ParseError& e) {
    return bad_input(e.what());
  }
}

int node_options::say_good() const {
  std::cout << program_ << ": the options are good\n";
  return exit_ok;
}

std::vector<std::string> node_options::changed_from(const node_options& before) const {
  std::vector<std::string> names;
  for (const auto* now : app_.get_options()) {
    if (now->get_lnames().empty()) continue;
    const auto& name = now->get_lnames().front();
    const auto* then = before.app_.get_option_no_throw("--" + name);
    if (then != nullptr && then->results() != now->results()) names.push_back(name);
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& each : names) all += (all.empty() ? "" : " ") + each;
  return all;
}

}  // namespace artel::nodes
