// The verbs that ask one question and print the answer.
#include <algorithm>
#include <thread>

#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

std::string counts(const step_view& step) {
  if (step.instances == 1) return {};
  std::string text;
  for (std::size_t i = 0; i < step.by_state.size(); ++i)
    if (step.by_state[i] != 0)
      text += (text.empty() ? "" : ", ") + std::to_string(step.by_state[i]) + " " +
              std::string(to_text(static_cast<step_state>(i)));
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

int runs(const context& cli, std::uint32_t limit, const std::string& pipeline) {
  auto client = cli.client();
  const auto listed = client.ask<runs_listed>(list_runs{limit, pipeline});
  if (!listed) return fail(listed.error());
  if (cli.as_json) return std::cout << print(to_json(*listed)) << '\n', nodes::exit_ok;
  std::vector<std::vector<std::string>> rows{
      {"RUN", "PIPELINE", "SUBMITTED", "TOOK", "STEPS", "RESTARTS", "STATE"}};
  for (const auto& one : listed->runs)
    rows.push_back({to_text(one.run), one.pipeline, clock_time(one.submitted_ms),
                    span((one.ended_ms != 0 ? one.ended_ms : now_ms()) - one.submitted_ms),
                    std::to_string(one.ended_instances) + "/" + std::to_string(one.instances),
                    std::to_string(one.restarts), shown(one.state, cli.colour)});
  std::cout << (listed->runs.empty() ? "no runs yet; start one with: artel run FILE\n"
                                     : table(rows));
  return nodes::exit_ok;
}

int show(const context& cli, const std::string& run) {
  auto client = cli.client();
  const auto got = client.ask<run_shown>(show_run{run});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  const auto& sum = got->summary;
  std::cout << "run       " << to_text(sum.run) << "\npipeline  " << sum.pipeline << "\nstate     "
            << shown(sum.state, cli.colour)
            << (got->reason.empty() ? "" : "  (" + got->reason + ")") << "\nsubmitted "
            << clock_time(sum.submitted_ms) << " by " << got->by << "\ntook      "
            << span((sum.ended_ms != 0 ? sum.ended_ms : now_ms()) - sum.submitted_ms) << "\n";
  if (!got->paused.empty()) std::cout << "paused    " << got->paused << '\n';
  if (!got->schedule.empty())
    std::cout << "schedule  " << got->schedule << ", planned for " << got->planned << '\n';
  if (!got->retry_of.empty()) std::cout << "retry of  " << got->retry_of << '\n';
  for (const auto& [name, value] : got->params)
    std::cout << "param     " << name << "=" << value << '\n';
  std::cout << '\n';
  std::vector<std::vector<std::string>> rows{
      {"STEP", "STATE", "ATTEMPTS", "FAILED", "CRASHED", "NODE", "TOOK", "RESULT"}};
  for (const auto& step : got->steps) {
    const auto took = step.started_ms == 0
                          ? ""
                          : span((step.ended_ms != 0 ? step.ended_ms : now_ms()) - step.started_ms);
    auto last = counts(step);
    if (!last.empty() && !step.error.empty()) last += ": " + first_line(step.error);
    if (last.empty()) last = step.error.empty() ? step.result : first_line(step.error);
    if (!step.note.empty()) last = step.note + (last.empty() ? "" : ": " + last);
    if (step.state == step_state::running && !step.progress.empty())
      last = std::to_string(step.done) + (step.total != 0 ? "/" + std::to_string(step.total) : "") +
             " " + step.progress;
    rows.push_back({step.name, std::string(to_text(step.state)), std::to_string(step.attempts),
                    std::to_string(step.failures), std::to_string(step.crashes), step.node, took,
                    last});
  }
  std::cout << table(rows);
  return nodes::exit_ok;
}

int logs(const context& cli, const std::string& run, const std::string& step, std::uint32_t attempt,
         bool follow) {
  auto client = cli.client();
  read_log ask{run, step, attempt, 0};
  for (;;) {
    const auto got = client.ask<log_read>(ask);
    if (!got) return fail(got.error());
    std::cout << got->data.data << std::flush;
    ask.offset = got->next_offset;
    const bool more = got->data.data.size() >= log_read_bytes_max;
    if (more) continue;
    if (got->ended || !follow) return nodes::exit_ok;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

int list_cluster(const context& cli, bool all) {
  auto client = cli.client();
  const auto listed = client.ask<nodes_listed>(list_nodes{all});
  if (!listed) return fail(listed.error());
  if (cli.as_json) return std::cout << print(to_json(*listed)) << '\n', nodes::exit_ok;
  std::vector<std::vector<std::string>> rows{{"NODE", "KIND", "STATE", "HOST", "PID", "RUNNING",
                                              "SLOTS", "CPU FREE", "CRASHES", "HEARD", "LABELS"}};
  for (const auto& one : listed->nodes) {
    std::string labels;
    for (const auto& label : one.labels) labels += (labels.empty() ? "" : ",") + label;
    const auto state = !one.drained || one.state != "alive" ? one.state
                       : one.running != 0                   ? "draining"
                                                            : "drained";
    rows.push_back({one.name, one.kind, state, one.host, std::to_string(one.pid),
                    std::to_string(one.running), std::to_string(one.capacity.slots),
                    std::to_string(one.free.cpu_milli / 1000.0).substr(0, 4),
                    std::to_string(one.crashes), span(one.heard_ms_ago) + " ago", labels});
  }
  std::cout << (listed->nodes.empty()
                    ? "no worker nodes have joined yet; start one, e.g. artel-analyzer\n"
                    : table(rows));
  return nodes::exit_ok;
}

int tree(const context& cli, const std::string& node) {
  auto client = cli.client();
  const auto got = client.ask<tree_shown>(show_tree{node});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  std::vector<std::vector<std::string>> rows{{"ACTOR", "STATE", "RESTARTS", "LAST REASON"}};
  for (const auto& row : got->rows) {
    const auto depth = static_cast<std::size_t>(std::count(row.path.begin(), row.path.end(), '/'));
    const auto name = depth == 0 ? row.node : row.path.substr(row.path.rfind('/') + 1);
    rows.push_back({std::string(depth * 3, ' ') + (depth == 0 ? "" : "└─ ") + name +
                        (row.strategy.empty() ? "" : " (" + row.strategy + ")"),
                    row.state, std::to_string(row.restarts), row.last_reason});
  }
  std::cout << table(rows);
  return nodes::exit_ok;
}

int explain(const context& cli, const std::string& run, const std::string& step) {
  auto client = cli.client();
  const auto got = client.ask<step_explained>(explain_step{run, step});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  std::cout << "step '" << step << "' is " << shown(got->state, cli.colour) << '\n';
  for (const auto& reason : got->reasons) std::cout << "  - " << reason << '\n';
  return nodes::exit_ok;
}

}  // namespace artel::cli
