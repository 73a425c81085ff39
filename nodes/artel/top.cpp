// top: the cluster at a glance, drawn again every second in a terminal; elsewhere once.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

std::string nodes_text(const std::vector<node_view>& nodes) {
  std::vector<std::vector<std::string>> rows{
      {"NODE", "STATE", "RUNNING", "SLOTS", "CPU FREE", "HEARD"}};
  for (const auto& one : nodes)
    rows.push_back({one.name, one.drained ? "drained" : one.state, std::to_string(one.running),
                    std::to_string(one.capacity.slots),
                    std::to_string(one.free.cpu_milli / 1000.0).substr(0, 4),
                    span(one.heard_ms_ago) + " ago"});
  return nodes.empty() ? "no worker nodes\n" : table(rows);
}

std::string runs_text(transport::admin_client& client, const std::vector<run_summary>& runs,
                      bool colour) {
  std::vector<std::vector<std::string>> rows{{"RUN", "PIPELINE", "STATE", "DONE", "FOR", "NOW"}};
  for (const auto& one : runs) {
    const bool running = one.state == run_state::running;
    std::string doing;
    if (const auto shown = running ? client.ask<run_shown>(show_run{to_text(one.run)})
                                   : outcome<run_shown>(trouble{});
        shown)
      for (const auto& step : shown->steps)
        if (step.state == step_state::running || step.state == step_state::backing_off)
          doing += (doing.empty() ? "" : ", ") + step.name +
                   (step.total == 0
                        ? std::string()
                        : " " + std::to_string(step.done) + "/" + std::to_string(step.total));
    rows.push_back({to_text(one.run), one.pipeline, shown(one.state, colour),
                    std::to_string(one.ended_instances) + "/" + std::to_string(one.instances),
                    span((running ? now_ms() : one.ended_ms) - one.submitted_ms), doing});
  }
  return runs.empty() ? "no runs\n" : table(rows);
}

std::string schedules_text(std::vector<schedule_view> schedules, std::size_t most) {
  std::erase_if(schedules, [](const auto& one) { return one.next_ms == 0; });
  std::sort(schedules.begin(), schedules.end(),
            [](const auto& a, const auto& b) { return a.next_ms < b.next_ms; });
  std::vector<std::vector<std::string>> rows{{"SCHEDULE", "NEXT", "IN"}};
  for (std::size_t i = 0; i < std::min(most, schedules.size()); ++i)
    rows.push_back({schedules[i].name, schedules[i].next,
                    span(std::max<std::int64_t>(0, schedules[i].next_ms - now_ms()))});
  return schedules.empty() ? std::string() : "\n" + table(rows);
}

/// As much as fits the terminal.
outcome<std::string> picture(transport::admin_client& client, const context& cli,
                             std::size_t lines) {
  const auto nodes = client.ask<nodes_listed>(list_nodes{false});
  if (!nodes) return nodes.error();
  const auto schedules = client.ask<schedules_listed>(list_schedules{});
  if (!schedules) return schedules.error();
  const auto taken =
      nodes->nodes.size() + std::min<std::size_t>(5, schedules->schedules.size()) + 8;
  const auto room =
      static_cast<std::uint32_t>(std::clamp<std::size_t>(lines > taken ? lines - taken : 3, 3, 40));
  auto runs = client.ask<runs_listed>(list_runs{room, ""});
  if (!runs) return runs.error();
  std::stable_sort(runs->runs.begin(), runs->runs.end(), [](const auto& a, const auto& b) {
    return (a.state == run_state::running) > (b.state == run_state::running);
  });
  return "artel top  " + clock_time(now_ms()) + "  " + cli.admin_endpoint() + "\n\n" +
         nodes_text(nodes->nodes) + "\n" + runs_text(client, runs->runs, cli.colour) +
         schedules_text(schedules->schedules, 5);
}

}  // namespace

int top(const context& cli, bool once) {
  auto client = cli.client();
  once = once || !cli.colour;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  while (interrupted == 0) {
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
    const auto text = picture(client, cli, known ? size.ws_row : 40);
    if (once) {
      if (!text) return fail(text.error());
      std::cout << *text;
      return nodes::exit_ok;
    }
    // Drawn in one go over what was there, so that nothing flickers; the rest of each line goes.
    std::string drawn = "\x1b[H";
    for (const char c : text ? *text : "artel: " + text.error().text + "\n")
      drawn += c == '\n' ? std::string("\x1b[K\n") : std::string(1, c);
    std::cout << drawn << "\x1b[J" << std::flush;
    for (int i = 0; i < 10 && interrupted == 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  std::cout << '\n';
  return nodes::exit_ok;
}

}  // namespace artel::cli
