#include "actors/core/restart_plan.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace artel::core {
namespace {
// A killed child that is stuck in a handler is given this long, then abandoned; its late end is
// ignored.
constexpr std::uint32_t kill_patience_ms = 1'000;
}  // namespace

std::string_view to_text(strategy which) {
  constexpr std::array<std::string_view, 4> words{"one_for_one", "one_for_all", "rest_for_one",
                                                  "simple_one_for_one"};
  return words[static_cast<std::size_t>(which)];
}

std::string_view to_text(child_status status) {
  constexpr std::array<std::string_view, 6> words{"down",     "starting",   "running",
                                                  "stopping", "restarting", "removed"};
  return words[static_cast<std::size_t>(status)];
}

outcome<done> validate(const supervisor_spec& spec) {
  std::set<std::string> ids;
  for (const auto& child : spec.children) {
    if (child.id.empty()) return bad_input("a child without an id");
    if (!ids.insert(child.id).second)
      return bad_input("two children are called '" + child.id + "'");
    if (child.significant && child.restart == restart_type::permanent)
      return bad_input("child '" + child.id +
                       "' is permanent and significant: a permanent child never ends by itself");
    if (child.significant && spec.shuts_down == auto_shutdown::never)
      return bad_input("child '" + child.id + "' is significant but auto_shutdown is never");
  }
  if (spec.how == strategy::simple_one_for_one && !spec.children.empty())
    return bad_input("a simple_one_for_one supervisor starts without children; add them later");
  if (spec.intensity.within_ms == 0)
    return bad_input("restart intensity: 'within' must be longer than 0");
  if (spec.backoff.factor < 1 || spec.backoff.jitter < 0 || spec.backoff.jitter > 1 ||
      spec.backoff.min_ms > spec.backoff.max_ms)
    return bad_input("backoff: expected factor ≥ 1, 0 ≤ jitter ≤ 1, min ≤ max");
  return done{};
}

restart_plan::restart_plan(supervisor_spec spec, std::uint64_t seed)
    : spec_(std::move(spec)), budget_(spec_.intensity), chance_(seed) {
  for (const auto& child : spec_.children) children_.push_back({child});
}

actions restart_plan::start(std::int64_t now_ms) {
  actions out;
  first_start_ = true;
  for (auto& child : children_) child.status = child_status::waiting, child.due_ms = now_ms;
  start_due(now_ms, out);
  if (children_.empty()) first_start_ = false;
  return out;
}

actions restart_plan::add(child_spec child, std::int64_t now_ms) {
  actions out;
  if (closing_ || ended_) return out;
  child_record record{std::move(child)};
  record.status = child_status::waiting;
  record.due_ms = now_ms;
  // The place of a removed child is taken again, so that a pool that lives for months stays small.
  const auto free = std::find_if(children_.begin(), children_.end(), [](const auto& each) {
    return each.status == child_status::removed;
  });
  if (free != children_.end())
    *free = std::move(record);
  else
    children_.push_back(std::move(record));
  start_due(now_ms, out);
  return out;
}

actions restart_plan::on_started(std::size_t child, std::int64_t now_ms) {
  actions out;
  if (starting_ == child) starting_.reset();
  children_[child].status = child_status::up;
  children_[child].started_ms = now_ms;
  go_on(now_ms, out);
  return out;
}

actions restart_plan::on_start_failed(std::size_t child, std::string why, std::int64_t now_ms) {
  actions out;
  if (starting_ == child) starting_.reset();
  auto& failed = children_[child];
  failed.status = child_status::down;
  failed.last_reason = "start failed: " + why;
  if (closing_) {
    go_on(now_ms, out);
  } else if (first_start_) {
    close("start_failed: child '" + failed.spec.id + "': " + why, out);
  } else if (failed.spec.restart == restart_type::temporary) {
    failed.status = child_status::removed;
    go_on(now_ms, out);
  } else {
    fell(child, now_ms, out);
  }
  return out;
}

actions restart_plan::on_exit(std::size_t child, exit_kind how, std::string reason,
                              std::int64_t now_ms) {
  actions out;
  auto& gone = children_[child];
  if (gone.status == child_status::removed || gone.status == child_status::down) return out;
  if (gone.status == child_status::stopping) {
    const bool waited_for = stopping_ == child;
    gone.status = child_status::down;
    if (waited_for) stopping_.reset();
    if (waited_for) go_on(now_ms, out);
    return out;
  }
  if (gone.status == child_status::waiting) return out;
  gone.status = child_status::down;
  gone.last_reason = std::move(reason);
  if (closing_) return out;  // it ended before its turn to be asked
  if (wants_restart(gone.spec.restart, how))
    fell(child, now_ms, out);
  else
    ended_by_itself(child, out);
  return out;
}

/// A child must come back: choose the victims, mark them, stop those that still run.
void restart_plan::fell(std::size_t child, std::int64_t now_ms, actions& out) {
  auto& gone = children_[child];
  if (!budget_.note(now_ms)) {
    close("max_restarts_exceeded", out);
    return;
  }
  const auto quiet_ms = static_cast<std::int64_t>(
      std::max<std::uint64_t>(spec_.backoff.max_ms, spec_.intensity.within_ms));
  if (gone.started_ms != 0 && now_ms - gone.started_ms > quiet_ms) gone.streak = 0;
  const auto due = now_ms + backoff_ms(spec_.backoff, gone.streak, chance_);
  ++gone.streak;
  ++gone.restarts;
  const std::size_t first = spec_.how == strategy::one_for_all ? 0 : child;
  const std::size_t last = grouped() ? children_.size() : child + 1;
  for (std::size_t i = last; i-- > first;) {
    auto& victim = children_[i];
    if (victim.status == child_status::removed) continue;
    if (victim.status == child_status::up) {
      victim.status = child_status::stopping;
      victim.victim = true;
      to_stop_.push_back(i);
    }
    victim.due_ms = grouped() ? std::max(due, victim.due_ms) : due;
    if (victim.status == child_status::down) victim.status = child_status::waiting;
  }
  // A wait that is under way widens: all victims of a group come back together.
  if (grouped())
    for (auto& each : children_)
      if (each.status == child_status::waiting) each.due_ms = std::max(each.due_ms, due);
  std::sort(to_stop_.begin(), to_stop_.end());
  go_on(now_ms, out);
}

void restart_plan::ended_by_itself(std::size_t child, actions& out) {
  auto& gone = children_[child];
  const bool significant = gone.spec.significant;
  if (gone.spec.restart == restart_type::temporary || spec_.how == strategy::simple_one_for_one)
    gone.status = child_status::removed;
  if (!significant || spec_.shuts_down == auto_shutdown::never) return;
  const bool others = std::any_of(children_.begin(), children_.end(), [&](const auto& each) {
    return each.spec.significant && each.status != child_status::down &&
           each.status != child_status::removed;
  });
  if (spec_.shuts_down == auto_shutdown::any_significant || !others) close("shutdown", out);
}

void restart_plan::close(std::string reason, actions& out) {
  if (closing_) return;
  closing_ = std::move(reason);
  ++epoch_;
  to_stop_.clear();
  for (std::size_t i = 0; i < children_.size(); ++i) {
    auto& child = children_[i];
    if (child.status == child_status::waiting) child.status = child_status::down;
    if (child.status == child_status::up ||
        (child.status == child_status::stopping && stopping_ != i)) {
      child.status = child_status::stopping;
      to_stop_.push_back(i);
    }
  }
  if (!stopping_) stop_next(out);
}

actions restart_plan::stop(std::string reason, std::int64_t) {
  actions out;
  if (!ended_) close(std::move(reason), out);
  return out;
}

/// Asks the last of those that are to stop; when none is left, ends or goes over to restarting.
void restart_plan::stop_next(actions& out) {
  if (stopping_ || starting_) return;
  while (!to_stop_.empty()) {
    const auto child = to_stop_.back();
    to_stop_.pop_back();
    if (children_[child].status != child_status::stopping) continue;  // it ended meanwhile
    stopping_ = child;
    const auto patience = children_[child].spec.shutdown_ms;
    killed_ = patience == shutdown_brutal_kill;
    out.push_back({killed_ ? action::kind::kill : action::kind::ask,
                   child,
                   killed_ ? kill_patience_ms : patience,
                   ++epoch_,
                   {}});
    return;
  }
  if (closing_ && !ended_) {
    ended_ = true;
    out.push_back({action::kind::end, 0, 0, epoch_, *closing_});
  }
}

actions restart_plan::on_stop_timeout(std::size_t child, std::uint64_t epoch, std::int64_t now_ms) {
  actions out;
  if (stopping_ != child || epoch != epoch_) return out;
  if (!killed_) {
    killed_ = true;
    out.push_back({action::kind::kill, child, kill_patience_ms, ++epoch_, {}});
    return out;
  }
  children_[child].status = child_status::down;
  children_[child].last_reason = "abandoned: did not end when killed";
  stopping_.reset();
  go_on(now_ms, out);
  return out;
}

void restart_plan::go_on(std::int64_t now_ms, actions& out) {
  if (ended_) return;
  if (closing_ || stopping_ || !to_stop_.empty()) {
    if (closing_)  // what came up meanwhile has to go as well
      for (std::size_t i = 0; i < children_.size(); ++i)
        if (children_[i].status == child_status::up)
          children_[i].status = child_status::stopping, to_stop_.push_back(i);
    stop_next(out);
    if (closing_ || stopping_) return;
  }
  // Every victim is down now: those that may come back wait for their time, temporary ones are
  // gone.
  for (auto& child : children_)
    if (child.status == child_status::down && child.victim) {
      child.victim = false;
      const bool back = child.spec.restart != restart_type::temporary;
      child.status = back ? child_status::waiting : child_status::removed;
    }
  start_due(now_ms, out);
}

void restart_plan::start_due(std::int64_t now_ms, actions& out) {
  if (starting_ || stopping_ || closing_) return;
  for (std::size_t i = 0; i < children_.size(); ++i) {
    auto& child = children_[i];
    if (child.status != child_status::waiting || child.due_ms > now_ms) continue;
    child.status = child_status::starting;
    starting_ = i;
    out.push_back({action::kind::start, i, 0, epoch_, {}});
    return;
  }
  const bool waiting = std::any_of(children_.begin(), children_.end(), [](const auto& each) {
    return each.status == child_status::waiting;
  });
  if (waiting)
    schedule(now_ms, out);
  else
    first_start_ = false;
}

void restart_plan::schedule(std::int64_t now_ms, actions& out) {
  std::int64_t next = 0;
  for (const auto& child : children_)
    if (child.status == child_status::waiting && (next == 0 || child.due_ms < next))
      next = child.due_ms;
  out.push_back({action::kind::wait,
                 0,
                 static_cast<std::uint32_t>(std::max<std::int64_t>(0, next - now_ms)),
                 ++epoch_,
                 {}});
}

actions restart_plan::on_tick(std::uint64_t epoch, std::int64_t now_ms) {
  actions out;
  if (epoch == epoch_ && !closing_) start_due(now_ms, out);
  return out;
}

}  // namespace artel::core
