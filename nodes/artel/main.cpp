// artel: the command line. Every verb but validate, graph, schema, lint, predict, experiments and
// the preview of a file speaks to the admin socket and nothing else.
#include <unistd.h>

#include <filesystem>

#include "messages/spelling.hpp"
#include "nodes/artel/command_line.hpp"

namespace artel::cli {
namespace {

constexpr const char* footer = R"(Examples:
  artel run config/pipelines/edt_analysis.yaml -p config_path=/src/my_configuration
  artel up --analyzers 2                       nodes on this host, until Ctrl-C
  artel submit pipeline.yaml -p day=2026-11-23 prints the run's id
  artel show last      artel logs last parse   artel explain last documentation
  artel nodes --json   artel tree
  artel predict models/regression new_rows.csv
  artel lint src --format sarif=lint.sarif --baseline lint-baseline.json

Exit codes: 0 good · 1 the run failed · 2 bad input · 3 nobody listens, port in use, no space ·
            4 no such run, step or node · 5 cancelled or interrupted · 6 not allowed
            lint: 0 clean · 1 findings at or above --fail-on · 2 bad input · 3 not written)";

}  // namespace

command_line::command_line() {
  app_.set_version_flag("--version", nodes::version());
  app_.require_subcommand(1);
  app_.footer(footer);
  app_.fallthrough();
  app_.add_option("--data", cli_.data, "data folder of the supervisor node on this host")
      ->capture_default_str();
  app_.add_option("--admin", cli_.admin,
                  "admin socket (default ipc://DATA/admin.sock, or $ARTEL_ADMIN)")
      ->envname("ARTEL_ADMIN");
  app_.add_option("--key", key_file_,
                  "one's own key file, for an admin socket over tcp ($ARTEL_KEY)")
      ->envname("ARTEL_KEY");
  app_.add_option("--server-key", server_key_,
                  "public key of the supervisor node, or a file with it ($ARTEL_SERVER_KEY)")
      ->envname("ARTEL_SERVER_KEY");
  app_.add_option("--timeout", cli_.timeout_s, "seconds to wait for an answer")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'600));
  app_.add_flag("--json", cli_.as_json, "print JSON for machines");
  add_starting_verbs();
  add_run_verbs();
  add_control_verbs();
  add_schedule_verbs();
  add_pool_verbs();
  add_limit_verbs();
  add_cluster_verbs();
  add_journal_verb();
  add_security_verbs();
  add_operation_verbs();
  add_lint_verb();
  add_model_verbs();
}

int command_line::main(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app_.exit(e);
    if (code != 0) suggest(argc, argv);
    return code == 0 ? nodes::exit_ok : nodes::exit_bad_input;
  }
  cli_.colour = ::isatty(STDOUT_FILENO) == 1;
  // Nodes started from here must find the folder wherever they run.
  if (!cli_.data.empty())
    cli_.data = std::filesystem::absolute(cli_.data).lexically_normal().string();
  auto keys = transport::read_client_keys(key_file_, server_key_);
  if (!keys) return fail(keys.error());
  cli_.keys = *std::move(keys);
  return chosen_();
}

CLI::App* command_line::verb(const char* name, const char* purpose, std::function<int()> act) {
  auto* one = app_.add_subcommand(name, purpose);
  one->callback([this, act = std::move(act)] { chosen_ = act; });
  return one;
}

void command_line::suggest(int argc, char** argv) const {
  std::vector<std::string> names;
  for (const auto* each : app_.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(each->get_name());
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--data" || word == "--admin" || word == "--timeout" || word == "--key" ||
        word == "--server-key")
      ++i;  // and its value
    if (word.starts_with('-')) continue;
    if (std::find(names.begin(), names.end(), argv[i]) == names.end())
      std::cerr << "artel: no verb '" << argv[i] << "'" << did_you_mean(argv[i], names) << '\n';
    return;
  }
}

}  // namespace artel::cli

int main(int argc, char** argv) {
  try {
    artel::cli::command_line line;
    return line.main(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "artel: " << e.what() << '\n';
    return artel::nodes::exit_code_of(artel::trouble_code::internal);
  }
}
