// The monitor: holds the rules of alerts against the lines of all nodes' logs, keeps who is to be
// told of what, and tells the notifier. What it has told, and the silences, are in a file of its
// own beside the journal, so that a restart tells nobody twice.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <filesystem>
#include <set>

#include "actors/core/alert_book.hpp"
#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/operation/notifier.hpp"

namespace artel::operation {

struct monitor_options {
  directory_ptr names;
  std::string file;             ///< of rules; empty: those that come with Artel
  std::string rules;            ///< text to use instead of a file
  std::filesystem::path state;  ///< what has been told, and silences
  node_name node;               ///< of the supervisor node
};

/// The rules in a file, with the events that there are; trouble says what and where.
outcome<monitor_rules> read_rules(const std::string& text, const std::string& file);

class monitor : public caf::event_based_actor {
public:
  monitor(caf::actor_config& config, monitor_options what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "monitor"; }

private:
  /// What has been told of an alert that fires, by receiver.
  struct told_alert {
    core::label_map labels;
    std::string rule;
    std::int64_t since_ms = 0;
    std::map<std::string, std::int64_t> told_ms;
    std::int64_t ended_ms = 0;  ///< it is over, which those who were told are still to hear
    std::string severity, summary, value;  ///< when it was over
  };
  using alert_key = std::pair<std::string, core::label_map>;

  void recall(std::uint64_t after);
  void begin();
  void look_at_file();
  void take(const lines_kept& said);
  void look();
  void on_change(const core::alert_change& what);
  /// Tells those who are to know and have not been told, or are to be told again.
  void tell_due(std::int64_t now_ms);
  void tell_ends(std::int64_t now_ms);
  void tell(const alert_receiver& to, const alert_view& what, std::int64_t ended_ms);
  void note_end(const core::alert_change& what);
  void on_notified(const notified& said);
  bool is_under_way(const alert_key& key, const std::string& to) const {
    return under_way_.contains({key, to});
  }
  const silence_view* silence_of(const std::string& rule, const core::label_map& labels,
                                 std::int64_t now_ms) const;
  admin_answer silence(const silence_alerts& what);
  admin_answer list(const list_alerts& what);
  metrics_taken measure();
  void read_state();
  void write_state();

  monitor_options options_;
  core::alert_book book_;
  std::vector<alert_receiver> receivers_;
  std::vector<silence_view> silences_;
  std::map<alert_key, told_alert> told_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> fired_;  ///< by rule and severity
  std::set<std::pair<alert_key, std::string>> under_way_;  ///< notifications, by receiver
  std::map<std::pair<alert_key, std::string>, std::int64_t> given_up_ms_;
  std::int64_t begun_ms_ = 0;
  std::uint64_t notifications_ = 0;
  std::uint64_t recalled_ = 0;  ///< lines up to this number have been looked at
  bool begun_ = false;          ///< earlier lines have been looked at
  std::string file_seen_;       ///< its text when it was looked at last
  std::string problem_;
};

}  // namespace artel::operation
