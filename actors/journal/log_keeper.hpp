// The log keeper: takes the lines that this node has noted and those that worker nodes send, stores
// them, shows them to people, and passes them on to the monitor. A detached actor, since it does
// file I/O.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <deque>
#include <map>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/journal/log_file.hpp"
#include "actors/timer.hpp"

namespace artel::journal {

struct log_options {
  std::filesystem::path file;
  directory_ptr names;
  std::int64_t keep_ms = 14LL * 24 * 3'600 * 1'000;
  std::uint64_t bytes_max = 1ULL << 30;
};

constexpr std::size_t lines_waiting_max = 20'000;  ///< while they can not be stored

class log_keeper : public caf::event_based_actor {
public:
  log_keeper(caf::actor_config& config, log_options what);
  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "log_keeper"; }

private:
  struct reader {
    read_lines what;
    caf::typed_response_promise<coordinator_answer> asker;
    std::chrono::steady_clock::time_point until;
  };
  bool open();
  void complain(const std::string& why);
  void take(node_lines& said);
  void store();
  void look_after_readers();
  /// False: there is nothing to tell yet.
  bool answer(reader& one, bool at_last);
  void prune_some();
  void on_timer(timer_due due);
  metrics_taken measure();

  log_options options_;
  std::unique_ptr<log_file> file_;  ///< none: it can not be opened now
  std::deque<log_line> waiting_;
  std::uint64_t lost_ = 0;
  std::uint64_t kept_ = 0;
  std::chrono::steady_clock::time_point complained_{};
  std::chrono::steady_clock::time_point prune_next_{};
  /// The next line of each process of a worker node; lines come again until they are answered.
  std::map<node_name, std::pair<session_no, std::uint64_t>> next_;
  std::deque<reader> readers_;
  timer timer_{*this};
};

}  // namespace artel::journal
