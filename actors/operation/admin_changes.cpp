// What the admin actor answers or does itself: metrics as a list, changes of nodes that run.
#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "actors/operation/admin.hpp"

namespace artel::operation {
namespace {
constexpr auto patience = std::chrono::seconds(10);
constexpr auto change_patience = std::chrono::seconds(5);
constexpr auto end_after = std::chrono::milliseconds(300);  ///< so that the answer gets out
}  // namespace

admin_answer admin::change_self(const change_node& what) {
  if (what.slots)
    return refused{trouble_code::bad_input,
                   "'" + what.node + "' is the supervisor node: it has no slots"};
  if (what.shutdown == shutdown_kind::warm)
    return refused{trouble_code::bad_input,
                   "'" + what.node +
                       "' is the supervisor node: a soft shutdown loses nothing, what runs on "
                       "other nodes goes on and is taken up when it starts again"};
  std::string text;
  if (!what.log_levels.empty()) {
    if (const auto good = logging::set_levels(what.log_levels); !good)
      return refused{good.error().code, good.error().text};
    text = "its log is at " + what.log_levels;
  }
  if (what.shutdown != shutdown_kind::none) {
    text += std::string(text.empty() ? "" : ", ") + "it ends";
    delayed_send(this, end_after, end_this_process{what.shutdown == shutdown_kind::hard});
  }
  logging::note(events::node_told,
                {{"node", what.node}, {"what", text}, {"by", what.by}, {"reason", what.reason}});
  return done_so{"node '" + what.node + "': " + text};
}

void admin::change(const client_asked& said, const change_node& what) {
  if (!what.slots && what.log_levels.empty() && what.shutdown == shutdown_kind::none)
    return answer(said, refused{trouble_code::bad_input,
                                "nothing is to be changed; give slots, levels or a shutdown"});
  if (what.slots && (*what.slots == 0 || *what.slots > 100'000))
    return answer(said, refused{trouble_code::bad_input,
                                "slots " + std::to_string(*what.slots) +
                                    ": expected 1 to 100000; drain the node to place nothing"});
  if (what.node == options_.node) return answer(said, change_self(what));
  const auto bridge = options_.names->find(names::bridge);
  if (!bridge)
    return answer(said, refused{trouble_code::unavailable,
                                "the bridge is being restarted; ask again in a moment"});
  changes_[++last_change_] = {said, std::chrono::steady_clock::now() + change_patience};
  timer_.within(look_every);
  send(bridge, ask_node{what.node, {last_change_, what}});
}

void admin::show_metrics(const client_asked& said, const read_metrics& what) {
  const auto metrics = options_.names->find(names::metrics);
  if (!metrics)
    return answer(said, refused{trouble_code::unavailable,
                                "the metrics are being restarted; ask again in a moment"});
  request(metrics, patience, take_metrics{})
      .then(
          [this, said, what](metrics_taken& all) {
            metrics_read made;
            for (const auto& family : all.families) {
              if (!family.name.starts_with(what.name)) continue;
              for (const auto& sample : family.samples) {
                const std::map<std::string, std::string> labels(sample.labels.begin(),
                                                                sample.labels.end());
                if (family.kind == metric_kind::histogram)
                  made.values.push_back({family.name + "_count", labels,
                                         sample.buckets.empty()
                                             ? 0
                                             : static_cast<double>(sample.buckets.back().second)});
                made.values.push_back({family.name, labels, sample.value});
              }
            }
            answer(said, std::move(made));
          },
          [this, said](caf::error& why) {
            answer(said, refused{trouble_code::unavailable,
                                 "the metrics did not answer: " + text_of(why)});
          });
}

}  // namespace artel::operation
