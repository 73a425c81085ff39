// What a supervisor does, without the actors: children are data, events come in, actions come out.
// All four strategies, three restart types, intensity, backoff, ordered shutdown with timeouts,
// significant children. The supervisor actor performs the actions and reports back; time and chance
// are arguments, so every case is a table in a test.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/backoff.hpp"
#include "actors/core/restart_budget.hpp"
#include "messages/outcome.hpp"

namespace artel::core {

enum class strategy : std::uint8_t { one_for_one, one_for_all, rest_for_one, simple_one_for_one };
enum class restart_type : std::uint8_t { permanent, transient, temporary };
enum class auto_shutdown : std::uint8_t { never, any_significant, all_significant };
enum class exit_kind : std::uint8_t { normal, shutdown, abnormal };

std::string_view to_text(strategy which);

constexpr std::uint32_t shutdown_brutal_kill = 0;
constexpr std::uint32_t shutdown_infinity = ~0U;

struct child_spec {
  std::string id;
  restart_type restart = restart_type::permanent;
  std::uint32_t shutdown_ms = 5'000;  ///< or shutdown_brutal_kill, shutdown_infinity
  bool significant = false;
};

struct supervisor_spec {
  strategy how = strategy::one_for_one;
  restart_intensity intensity{3, 60'000};
  backoff_policy backoff{100, 30'000, 2.0, 0.1};
  auto_shutdown shuts_down = auto_shutdown::never;
  std::vector<child_spec> children;
};

/// Refuses empty and repeated ids, significant permanent children, children of a
/// simple_one_for_one, odd numbers.
outcome<done> validate(const supervisor_spec& spec);

/// permanent: always; temporary: never; transient: only after an abnormal end.
constexpr bool wants_restart(restart_type type, exit_kind how) {
  return type == restart_type::permanent ||
         (type == restart_type::transient && how == exit_kind::abnormal);
}

struct action {
  enum class kind : std::uint8_t {
    start,  ///< start child; answer on_started or on_start_failed
    ask,    ///< ask child to end; after `ms` (unless shutdown_infinity) call on_stop_timeout
    kill,   ///< kill child; its end may never be told, so on_stop_timeout is due again after `ms`
    wait,   ///< call on_tick after `ms`
    end     ///< the supervisor ends with `reason`
  } what = kind::start;
  std::size_t child = 0;
  std::uint32_t ms = 0;
  std::uint64_t epoch = 0;  ///< hand back with the timeout or tick; a stale one is ignored
  std::string
      reason;  ///< for end: "normal", "shutdown", "max_restarts_exceeded", "start_failed: …"
  friend bool operator==(const action&, const action&) = default;
};
using actions = std::vector<action>;

enum class child_status : std::uint8_t { down, starting, up, stopping, waiting, removed };
std::string_view to_text(child_status status);

struct child_record {
  child_spec spec;
  child_status status = child_status::down;
  std::uint32_t restarts = 0;
  std::uint32_t streak = 0;  ///< restarts since the last quiet period
  std::int64_t due_ms = 0;   ///< when waiting
  std::int64_t started_ms = 0;
  bool victim = false;  ///< stopped because of another one; comes back with it
  std::string last_reason;
};

class restart_plan {
public:
  restart_plan(supervisor_spec spec, std::uint64_t seed);

  actions start(std::int64_t now_ms);
  actions on_started(std::size_t child, std::int64_t now_ms);
  actions on_start_failed(std::size_t child, std::string why, std::int64_t now_ms);
  actions on_exit(std::size_t child, exit_kind how, std::string reason, std::int64_t now_ms);
  actions on_stop_timeout(std::size_t child, std::uint64_t epoch, std::int64_t now_ms);
  actions on_tick(std::uint64_t epoch, std::int64_t now_ms);
  /// Orderly end: children stop in reverse, then `end` with `reason`.
  actions stop(std::string reason, std::int64_t now_ms);

  /// simple_one_for_one only: a further child of the same kind. Its index comes back in the start
  /// action.
  actions add(child_spec child, std::int64_t now_ms);

  const std::vector<child_record>& children() const { return children_; }
  const supervisor_spec& spec() const { return spec_; }
  bool closing() const { return closing_.has_value(); }
  bool ended() const { return ended_; }

private:
  void go_on(std::int64_t now_ms, actions& out);
  void stop_next(actions& out);
  void start_due(std::int64_t now_ms, actions& out);
  void schedule(std::int64_t now_ms, actions& out);
  void close(std::string reason, actions& out);
  void fell(std::size_t child, std::int64_t now_ms, actions& out);
  void ended_by_itself(std::size_t child, actions& out);
  bool grouped() const {
    return spec_.how == strategy::one_for_all || spec_.how == strategy::rest_for_one;
  }

  supervisor_spec spec_;
  std::vector<child_record> children_;
  restart_budget budget_;
  random_source chance_;
  std::vector<std::size_t> to_stop_;     ///< last one first
  std::optional<std::size_t> stopping_;  ///< asked or killed, its end not seen yet
  bool killed_ = false;
  std::optional<std::size_t> starting_;
  std::optional<std::string> closing_;
  bool first_start_ = false;
  bool ended_ = false;
  std::uint64_t epoch_ = 0;
};

}  // namespace artel::core
