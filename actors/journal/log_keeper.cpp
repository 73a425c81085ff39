#include "actors/journal/log_keeper.hpp"

#include <algorithm>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"

namespace artel::journal {
namespace {

using clock = std::chrono::steady_clock;
constexpr auto gather =
    std::chrono::milliseconds(100);  ///< lines that come together are stored together
constexpr auto prune_every = std::chrono::minutes(1);
constexpr auto prune_on_after = std::chrono::milliseconds(500);
constexpr auto complain_every = std::chrono::minutes(1);
constexpr std::size_t nodes_max = 4'096;

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

log_keeper::log_keeper(caf::actor_config& config, log_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {}

/// A store that can not be opened takes down nobody: lines wait for it.
bool log_keeper::open() {
  if (file_) return true;
  std::string damaged;
  auto opened = log_file::open(options_.file, damaged);
  if (!damaged.empty())
    logging::note(events::log_store_begun_anew,
                  {{"file", options_.file.string()}, {"reason", "the old one is " + damaged}});
  if (!opened) {
    complain(opened.error().text);
    return false;
  }
  file_ = *std::move(opened);
  return true;
}

void log_keeper::complain(const std::string& why) {
  if (clock::now() - complained_ < complain_every) return;
  complained_ = clock::now();
  logging::note(events::lines_not_kept, {{"reason", why}, {"lines", lost_}});
}

caf::behavior log_keeper::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  logging::watch_tap([me = caf::actor_cast<caf::actor_addr>(this)] {
    if (const auto self = caf::actor_cast<caf::actor>(me)) caf::anon_send(self, tick{});
  });
  timer_.within(gather);
  return {
      [this](node_lines& said) { take(said), timer_.within(gather); },
      [this](find_lines& ask) {
        auto asker = make_response_promise<coordinator_answer>();
        reader one{std::move(ask.what), asker, {}};
        one.until =
            clock::now() + std::chrono::milliseconds(std::min(one.what.wait_ms, wait_ms_max));
        store();
        if (!file_) {
          asker.deliver(coordinator_answer{
              refused{trouble_code::io_error, options_.file.string() + ": can not be opened now"}});
          return asker;
        }
        if (!answer(one, one.what.wait_ms == 0)) {
          readers_.push_back(std::move(one));
          timer_.within(gather);
        }
        return asker;
      },
      [this](const recall_lines& ask) -> caf::result<lines_recalled> {
        if (!open()) return lines_recalled{};
        read_lines what;
        what.after = ask.after;
        what.from_ms = ask.from_ms;
        what.limit = entries_read_max;
        try {
          return lines_recalled{file_->read(what).lines};
        } catch (const sqlite_error& e) {
          return failure(e.what());
        }
      },
      [this](take_metrics) { return measure(); },
      [this](tick) { timer_.within(gather); },
      [this](timer_due due) { on_timer(due); },
  };
}

void log_keeper::on_exit() {
  logging::watch_tap({});
  readers_.clear();
  file_.reset();
}

void log_keeper::on_timer(timer_due due) {
  if (!timer_.take(due)) return;
  store();
  if (!waiting_.empty()) timer_.within(gather);
  if (!file_) return;
  look_after_readers();
  const auto now = clock::now();
  if (now >= prune_next_) prune_some();
  auto next = prune_next_;
  for (const auto& one : readers_) next = std::min(next, one.until);
  timer_.within(std::max(std::chrono::ceil<std::chrono::milliseconds>(next - now),
                         std::chrono::milliseconds(1)));
}

/// Lines that came before are not taken twice; what comes after a gap is not taken at all, the node
/// sends it again from where it was answered.
void log_keeper::take(node_lines& said) {
  if (next_.size() >= nodes_max && !next_.contains(said.name)) next_.erase(next_.begin());
  auto& [session, next] = next_[said.name];
  if (session != said.session) session = said.session, next = said.what.first;
  const auto skip = next > said.what.first ? next - said.what.first : 0;
  if (said.what.first <= next && waiting_.size() < lines_waiting_max)
    for (std::size_t i = skip; i < said.what.lines.size(); ++i) {
      auto& line = said.what.lines[i];
      line.node = said.name;  // whatever it says itself
      waiting_.push_back(std::move(line));
      ++next;
    }
  if (const auto bridge = options_.names->find(names::bridge))
    anon_send(bridge, answer_lines{said.name, said.session, {next}});
}

void log_keeper::store() {
  while (waiting_.size() < lines_waiting_max) {
    auto more = logging::take_tapped(lines_waiting_max - waiting_.size());
    if (more.empty()) break;
    std::move(more.begin(), more.end(), std::back_inserter(waiting_));
  }
  if (waiting_.empty()) return;
  const auto make_room = [this] {
    if (waiting_.size() < lines_waiting_max) return;
    const auto less = lines_waiting_max / 2;
    lost_ += less;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(less));
  };
  if (!open()) return make_room();
  try {
    auto kept = file_->append({waiting_.begin(), waiting_.end()});
    waiting_.clear();
    kept_ += kept.size();
    if (const auto monitor = options_.names->find(names::monitor))
      anon_send(monitor, lines_kept{std::move(kept)});
  } catch (const sqlite_error& e) {
    make_room();
    complain(options_.file.string() + ": " + e.what());
  }
}

bool log_keeper::answer(reader& one, bool at_last) {
  try {
    auto found = file_->read(one.what);
    // Filtered lines are not looked at twice.
    const bool more_to_see = !one.what.newest && found.next_after > one.what.after;
    if (found.lines.empty() && !at_last) {
      one.what.after = std::max(one.what.after, found.next_after);
      one.what.newest = false;
      if (more_to_see && found.next_after < file_->last_number()) return answer(one, at_last);
      return false;
    }
    one.asker.deliver(coordinator_answer{std::move(found)});
  } catch (const sqlite_error& e) {
    one.asker.deliver(coordinator_answer{
        refused{trouble_code::io_error, options_.file.string() + ": " + e.what()}});
  }
  return true;
}

void log_keeper::look_after_readers() {
  const auto now = clock::now();
  std::erase_if(readers_, [&](reader& one) {
    const bool news = one.what.after < file_->last_number();
    return (news || now >= one.until) && answer(one, now >= one.until);
  });
}

void log_keeper::prune_some() {
  prune_next_ = clock::now() + prune_every;
  try {
    if (file_->prune(wall_ms() - options_.keep_ms, options_.bytes_max))
      prune_next_ = clock::now() + prune_on_after;
  } catch (const sqlite_error&) {
    // Told when a line can not be kept.
  }
}

metrics_taken log_keeper::measure() {
  metrics_taken made;
  const auto put = [&](const char* name, metric_kind kind, const char* help, double value) {
    metric_family one{name, help, kind, {}};
    one.add(value);
    made.families.push_back(std::move(one));
  };
  double bytes = 0;
  try {
    if (file_) bytes = static_cast<double>(file_->bytes());
  } catch (const sqlite_error&) {
    // 0: it can not be read now
  }
  put("artel_log_lines_total", metric_kind::counter, "Lines of logs kept, of all nodes.",
      static_cast<double>(kept_));
  put("artel_log_lines_lost_total", metric_kind::counter,
      "Lines of logs that could not be kept here.",
      static_cast<double>(lost_ + logging::tapped_lines_dropped()));
  put("artel_log_store_bytes", metric_kind::gauge, "Size of the store of lines.", bytes);
  return made;
}

}  // namespace artel::journal
