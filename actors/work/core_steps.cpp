#include "actors/work/core_steps.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "config/quantities.hpp"

namespace artel::work {
namespace {

std::string value_of(const step_input& input, const std::string& key) {
  const auto found = input.with.find(key);
  return found == input.with.end() ? std::string() : found->second;
}

outcome<step_result> noop(const step_input&, step_monitor&) { return step_result{}; }

outcome<step_result> sleep(const step_input& input, step_monitor& monitor) {
  const auto wanted = config::duration_ms(value_of(input, "duration"));
  if (!wanted)
    return bad_input("core.sleep: duration: expected e.g. 500ms or 10s, found '" +
                     value_of(input, "duration") + "'");
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  for (;;) {
    const auto past =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin).count();
    if (monitor.cancelled()) return trouble{trouble_code::cancelled, "woken up"};
    monitor.progress(std::min<std::uint64_t>(static_cast<std::uint64_t>(past), *wanted), *wanted,
                     "sleeping");
    if (static_cast<std::uint64_t>(past) >= *wanted) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(
        std::min<std::uint64_t>(20, *wanted - static_cast<std::uint64_t>(past))));
  }
  return step_result{"{\"slept_ms\":" + std::to_string(*wanted) +
                     ",\"cores\":" + std::to_string(monitor.cores()) + "}"};
}

outcome<step_result> write(const step_input& input, step_monitor& monitor) {
  if (input.staging.empty())
    return bad_input("core.write: the step has no output; give it an 'output:' folder");
  const auto inside = std::filesystem::path(value_of(input, "file")).lexically_normal();
  if (inside.empty() || inside.is_absolute() || *inside.begin() == "..")
    return bad_input("core.write: file: expected a path inside the output, found '" +
                     inside.string() + "'");
  const auto path = input.staging / inside;
  std::error_code problem;
  std::filesystem::create_directories(path.parent_path(), problem);
  std::ofstream out(path, std::ios::binary);
  out << value_of(input, "text");
  out.close();
  if (!out) return trouble{trouble_code::io_error, path.string() + ": can not be written"};
  monitor.log("wrote " + value_of(input, "file"));
  return step_result{"{\"bytes\":" + std::to_string(value_of(input, "text").size()) + "}"};
}

/// True while the attempt is one that should go wrong.
bool should_break(const step_input& input) {
  const auto until = value_of(input, "until_attempt");
  const auto last = config::whole_number(until);
  return until.empty() || !last || input.attempt < *last;
}

outcome<step_result> fail(const step_input& input, step_monitor&) {
  if (!should_break(input))
    return step_result{"{\"attempt\":" + std::to_string(input.attempt) + "}"};
  const auto text = value_of(input, "text");
  return trouble{trouble_code::bad_input, text.empty() ? "failed on request" : text};
}

outcome<step_result> crash(const step_input& input, step_monitor&) {
  if (should_break(input)) std::raise(SIGKILL);
  return step_result{"{\"attempt\":" + std::to_string(input.attempt) + "}"};
}

}  // namespace

void offer_core_steps(native_step_registry& registry) {
  registry["core.noop"] = noop;
  registry["core.sleep"] = sleep;
  registry["core.write"] = write;
  registry["core.fail"] = fail;
  registry["core.crash"] = crash;
}

}  // namespace artel::work
