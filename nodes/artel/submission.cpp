// validate and submit: a pipeline file is read here first, so that its mistakes are shown without a
// cluster.
#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "actors/coordination/compile.hpp"
#include "config/pipeline_file.hpp"
#include "nodes/artel/context.hpp"

namespace artel::cli {

outcome<std::map<std::string, std::string>> parse_params(const std::vector<std::string>& params,
                                                         const char* option) {
  std::map<std::string, std::string> given;
  for (const auto& each : params) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0)
      return bad_input(std::string(option) + " '" + each + "': expected NAME=VALUE");
    if (!given.emplace(each.substr(0, equals), each.substr(equals + 1)).second)
      return bad_input(std::string(option) + " " + each.substr(0, equals) +
                       ": given twice; give it once");
  }
  return given;
}

std::string user_name() {
  const auto* entry = ::getpwuid(::getuid());
  return (entry ? std::string(entry->pw_name) : std::to_string(::getuid())) + "@" +
         nodes::host_name();
}

outcome<run_id> new_run_id(const std::string& given) {
  if (!given.empty()) {
    const auto parsed = run_id_from(given);
    if (!parsed)
      return bad_input("--id '" + given +
                       "': expected a ULID, 26 characters of 0-9 A-Z without I L O U");
    return *parsed;
  }
  return make_run_id(static_cast<std::uint64_t>(now_ms()), nodes::random_number(),
                     nodes::random_number());
}

outcome<submit_run> make_submission(const submit_options& what) {
  const auto& file = what.file;
  auto text = config::read_text_file(file);
  if (!text) return text.error();
  const auto plan = coordination::compile(*text, file);
  if (!plan) return plan.error();
  auto given = parse_params(what.params);
  if (!given) return given.error();
  // A relative path means: from here, not from wherever the supervisor node was started.
  for (const auto& param : (*plan)->definition.params) {
    if (param.type != parameter_type::path) continue;
    const auto found = given->find(param.name);
    if (found == given->end() && param.default_value.empty()) continue;
    auto& value = (*given)[param.name];
    if (found == given->end()) value = param.default_value;
    if (!value.empty()) value = std::filesystem::absolute(value).lexically_normal().string();
    while (value.size() > 1 && value.back() == '/') value.pop_back();
  }
  auto resolved = config::resolve_params((*plan)->definition, *given);
  if (!resolved) return resolved.error();
  auto made = new_run_id(what.id);
  if (!made) return made.error();
  submit_run request;
  request.run = *made;
  request.pipeline = *std::move(text);
  request.file = file;
  request.params = *std::move(resolved);
  request.by = user_name();
  request.key = what.key;
  request.priority = what.priority;
  request.no_cache = what.no_cache;
  return request;
}

int print_accepted(const context& cli, const outcome<run_accepted>& accepted) {
  if (!accepted) return fail(accepted.error());
  if (cli.as_json)
    std::cout << print(to_json(*accepted)) << '\n';
  else
    std::cout << to_text(accepted->run) << (accepted->existed ? "  (had been accepted before)" : "")
              << '\n';
  return nodes::exit_ok;
}

int validate(const context& cli, const std::string& file) {
  const auto text = config::read_text_file(file);
  if (!text) return fail(text.error());
  const auto plan = coordination::compile(*text, file);
  if (cli.as_json) {
    std::cout << print(plan ? json{{"valid", true},
                                   {"pipeline", (*plan)->definition.name},
                                   {"steps", (*plan)->nodes.size()},
                                   {"instances", (*plan)->instance_count}}
                            : json{{"valid", false}, {"error", plan.error().text}})
              << '\n';
    return plan ? nodes::exit_ok : nodes::exit_bad_input;
  }
  if (!plan) return fail(plan.error());
  std::cout << file << ": pipeline '" << (*plan)->definition.name
            << "' is valid: " << (*plan)->nodes.size() << " steps, " << (*plan)->instance_count
            << " step instances\n";
  for (const auto& param : (*plan)->definition.params)
    std::cout << "  -p " << param.name << "=<" << config::to_text(param.type) << ">"
              << (param.required ? "  (required)" : "  default: '" + param.default_value + "'")
              << (param.description.empty() ? "" : "  " + param.description) << '\n';
  return nodes::exit_ok;
}

int submit(const context& cli, const submit_options& what) {
  const auto request = make_submission(what);
  if (!request) return fail(request.error());
  auto client = cli.client();
  return print_accepted(cli, client.ask<run_accepted>(*request));
}

}  // namespace artel::cli
