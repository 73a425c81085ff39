// The verbs of the command line, their options, and the function of the one that was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "nodes/artel/journal.hpp"
#include "nodes/artel/lint.hpp"
#include "nodes/artel/models.hpp"
#include "nodes/artel/operating.hpp"
#include "nodes/artel/run.hpp"

namespace artel::cli {

class command_line {
public:
  command_line();

  int main(int argc, char** argv);

private:
  CLI::App* verb(const char* name, const char* purpose, std::function<int()> act);
  void add_node_options(CLI::App* to, up_options& what);
  void add_submit_options(CLI::App* to);
  void add_starting_verbs();
  void add_run_verbs();
  CLI::App* pause_verb(const char* name, const char* purpose, bool undo);
  void add_control_verbs();
  void add_retry_verb();
  void add_schedule_verbs();
  void add_pool_verbs();
  void add_limit_verbs();
  void add_backfill_verb();
  void add_cluster_verbs();
  void add_journal_verb();
  void add_lint_verb();
  void add_security_verbs();
  void add_lines_verb();
  void add_looking_verbs();
  void add_changing_verbs();
  void add_alert_verbs();
  void add_operation_verbs();
  void add_model_verbs();
  void suggest(int argc, char** argv) const;
  CLI::App app_{"artel: pipelines of training and analysis steps on supervised nodes"};
  context cli_;
  run_options run_;
  lint_options lint_;
  journal_options journal_;
  pause_options pause_;
  retry_options retry_;
  schedule_options schedule_;
  predict_options predict_;
  experiment_options experiment_;
  lines_options lines_;
  events_options events_;
  change_node change_;
  silence_options silence_;
  limit_step limited_;
  std::string as_;
  std::function<int()> chosen_;
  std::uint32_t limit_ = 20;
  std::string pipeline_;
  std::string pool_;
  std::string format_ = "text";
  std::string which_ = "last";
  std::string step_;
  std::string get_, get_to_;
  std::string timeout_;
  std::string reason_;
  std::string node_;
  std::string by_;
  std::string out_ = ".";
  std::uint32_t audit_limit_ = 50;
  std::string key_file_;
  std::string server_key_;
  std::uint32_t attempt_ = 0;
  bool all_ = false;
  bool undo_ = false;
  bool once_ = false;
  bool wait_ = false;
  bool warm_ = false, soft_ = false, hard_ = false;
};

}  // namespace artel::cli
