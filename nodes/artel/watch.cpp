#include "nodes/artel/watch.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

namespace artel::cli {
namespace {

constexpr auto look_every = std::chrono::milliseconds(100);
constexpr auto patience =
    std::chrono::seconds(20);  ///< silence after which the cluster counts as gone
constexpr std::size_t bar_width = 24;

/// 0 … 1 of a step; instances count, and within a single one its own progress.
double part_done(const step_view& step) {
  if (step.state == step_state::skipped) return 0;
  if (is_terminal(step.state)) return 1;
  std::uint32_t ended = 0;
  for (auto i = static_cast<std::size_t>(step_state::succeeded); i < step.by_state.size(); ++i)
    ended += step.by_state[i];
  if (step.instances > 1) return static_cast<double>(ended) / step.instances;
  return step.total == 0
             ? 0
             : std::min(1.0, static_cast<double>(step.done) / static_cast<double>(step.total));
}

std::string bar(double part) {
  const auto full = static_cast<std::size_t>(part * bar_width + 0.5);
  std::string text;
  for (std::size_t i = 0; i < bar_width; ++i) text += i < full ? "█" : "░";
  return text;
}

std::string cut(const std::string& text, std::size_t columns) {
  std::string out;
  std::size_t used = 0;
  for (const char c : text) {
    if (c == '\n') break;
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80 && ++used > columns) break;
    out += c;
  }
  return out;
}

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

class bar_view {
public:
  explicit bar_view(bool colour) : colour_(colour) {}
  void draw(const run_shown& run) {
    if (drawn_ != 0) std::cout << "\x1b[" << drawn_ << "A";
    std::size_t name_width = 0;
    for (const auto& step : run.steps) name_width = std::max(name_width, width(step.name));
    const auto columns = terminal_columns();
    for (const auto& step : run.steps) {
      const auto took =
          step.started_ms == 0
              ? std::string()
              : span((step.ended_ms != 0 ? step.ended_ms : now_ms()) - step.started_ms);
      auto note = step.state == step_state::running ? step.progress : step.error;
      if (step.failures + step.crashes > 0)
        note = "attempt " + std::to_string(step.attempts) + " " + note;
      const auto used = name_width + bar_width + 30;
      std::cout << "\x1b[2K" << step.name << std::string(name_width - width(step.name) + 2, ' ')
                << bar(part_done(step)) << "  " << shown(step.state, colour_)
                << std::string(12 - std::min<std::size_t>(12, to_text(step.state).size()), ' ')
                << took << "  " << cut(note, columns > used ? columns - used : 0) << '\n';
    }
    std::cout << std::flush;
    drawn_ = run.steps.size();
  }

private:
  bool colour_;
  std::size_t drawn_ = 0;
};

class line_view {
public:
  void draw(const run_shown& run) {
    for (const auto& step : run.steps) {
      const auto quarter = static_cast<int>(part_done(step) * 4);
      const auto key = step.name + std::string(to_text(step.state)) +
                       std::to_string(step.attempts) +
                       (step.state == step_state::running ? std::to_string(quarter) : "");
      if (step.state == step_state::waiting || step.state == step_state::ready ||
          !told_.insert(key).second)
        continue;
      std::cout << clock_time(now_ms()) << "  " << step.name << "  " << to_text(step.state);
      if (step.state == step_state::running && step.total != 0)
        std::cout << "  " << static_cast<int>(part_done(step) * 100) << " %  " << step.progress;
      if (!step.node.empty()) std::cout << "  on " << step.node;
      if (step.failures + step.crashes > 0) std::cout << "  attempt " << step.attempts;
      if (!step.error.empty()) std::cout << "  " << cut(step.error, 300);
      std::cout << std::endl;
    }
  }

private:
  std::set<std::string> told_;
};

}  // namespace

watched watch_run(const context& cli, const run_id& run, bool bars,
                  const std::function<bool()>& interrupted,
                  const std::function<std::string()>& health) {
  transport::admin_client client(cli.admin_endpoint(), std::chrono::seconds(2), cli.keys);
  bar_view with_bars(cli.colour);
  line_view with_lines;
  watched seen;
  std::optional<std::chrono::steady_clock::time_point> silent_since;
  for (;;) {
    // Waiting for the end rather than sleeping: who runs something is told when it is over.
    auto got = seen.last.steps.empty()
                   ? client.ask<run_shown>(show_run{to_text(run)})
                   : client.ask<run_shown>(await_run{to_text(run), look_every.count()});
    if (interrupted()) return seen.how = watch_end::interrupted, seen;
    if (const auto ill = health(); !ill.empty())
      return seen.how = watch_end::cluster_gone,
             seen.why = {trouble_code::internal, "node '" + ill + "' ended by itself"}, seen;
    if (got) {
      silent_since.reset();
      seen.last = *std::move(got);
      if (bars)
        with_bars.draw(seen.last);
      else if (!cli.as_json)
        with_lines.draw(seen.last);
      if (seen.last.summary.state != run_state::running) return seen;
      continue;
    } else if (got.error().code != trouble_code::unavailable) {
      return seen.how = watch_end::cluster_gone, seen.why = got.error(), seen;
    } else if (const auto now = std::chrono::steady_clock::now(); !silent_since) {
      silent_since = now;
      std::cerr << "artel: the supervisor node does not answer; waiting for it" << std::endl;
    } else if (now - *silent_since > patience) {
      return seen.how = watch_end::cluster_gone, seen.why = got.error(), seen;
    }
    std::this_thread::sleep_for(look_every);
  }
}

void print_summary(const context& cli, const run_shown& run) {
  const auto& sum = run.summary;
  std::cout << "\nrun " << to_text(sum.run) << " " << shown(sum.state, cli.colour) << " in "
            << span(sum.ended_ms - sum.submitted_ms);
  if (!run.reason.empty()) std::cout << ": " << run.reason;
  std::cout << '\n';
  for (const auto& step : run.steps) {
    if (!step.error.empty() && step.state != step_state::succeeded)
      std::cout << "  " << step.name << ": " << step.error << '\n';
    const auto result = json::parse(step.result, nullptr, false);
    if (!result.is_object()) continue;
    std::string numbers;
    for (const auto& [key, value] : result.items())
      if (value.is_primitive())
        numbers += (numbers.empty() ? "" : ", ") + key + " " +
                   (value.is_string() ? value.get<std::string>() : value.dump());
    // Of many instances one is shown as an example: their results do not add up by themselves.
    const auto which =
        step.instances > 1 ? " (one of " + std::to_string(step.instances) + ")" : std::string();
    std::cout << "  " << step.name << which << ": " << numbers << '\n';
  }
  const bool something = std::any_of(run.steps.begin(), run.steps.end(), [](const auto& step) {
    return step.state == step_state::succeeded;
  });
  if (const auto output = run.params.find("output_path"); something && output != run.params.end())
    std::cout << "results: " << output->second << '\n';
}

}  // namespace artel::cli
