#include "actors/work/log_sender.hpp"

#include <algorithm>

#include "actors/actor_errors.hpp"
#include "actors/logging/log.hpp"

namespace artel::work {
namespace {
using clock = std::chrono::steady_clock;
constexpr auto gather = std::chrono::milliseconds(200);  ///< lines that come together go together
constexpr auto again_after = std::chrono::seconds(2);
}  // namespace

log_sender::log_sender(caf::actor_config& config, log_sender_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {}

caf::behavior log_sender::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  logging::watch_tap([me = caf::actor_cast<caf::actor_addr>(this)] {
    if (const auto self = caf::actor_cast<caf::actor>(me)) caf::anon_send(self, tick{});
  });
  timer_.within(gather);
  return {
      [this](const lines_taken& upto) {
        auto& next = *options_.next;
        if (upto.next <= next) return;
        const auto taken = std::min<std::uint64_t>(upto.next - next, under_way_.size());
        under_way_.erase(under_way_.begin(),
                         under_way_.begin() + static_cast<std::ptrdiff_t>(taken));
        next += taken;
        sent_ = {};
        send_more();
      },
      [this](tick) { timer_.within(gather); },
      [this](timer_due due) {
        if (timer_.take(due)) send_more();
      },
  };
}

void log_sender::on_exit() { logging::watch_tap({}); }

void log_sender::send_more() {
  if (under_way_.empty()) {
    under_way_ = logging::take_tapped(lines_per_frame_max);
    sent_ = {};
  }
  if (under_way_.empty()) return;
  timer_.within(again_after);
  if (clock::now() - sent_ < again_after) return;
  const auto bridge = options_.names->find(names::bridge);
  if (!bridge) return;
  sent_ = clock::now();
  send(bridge, send_lines{{*options_.next, under_way_}});
}

}  // namespace artel::work
