#include "actors/supervision/supervisor.hpp"

#include "actors/logging/events.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/system_messages.hpp>

namespace artel::supervision {

namespace {

core::supervisor_spec with_children(core::supervisor_spec spec,
                                    const std::vector<child>& children) {
  spec.children.clear();
  for (const auto& each : children) spec.children.push_back(each.spec);
  return spec;
}

core::exit_kind kind_of(const caf::error& reason) {
  if (!reason) return core::exit_kind::normal;
  if (reason == caf::exit_reason::normal) return core::exit_kind::normal;
  if (reason == caf::exit_reason::user_shutdown) return core::exit_kind::shutdown;
  return core::exit_kind::abnormal;
}

}  // namespace

supervisor::supervisor(caf::actor_config& config, options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      plan_(with_children(options_.spec, options_.children), options_.seed) {
  for (auto& each : options_.children) starts_.push_back(std::move(each.start));
  handles_.resize(starts_.size());
}

caf::behavior supervisor::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_down_handler([this](caf::down_msg& down) { on_down(down); });
  // An exit signal means: end in good order. Only a kill is not caught.
  set_exit_handler([this](caf::exit_msg&) { perform(plan_.stop("shutdown", now_ms())); });
  set_default_handler(caf::drop);
  show_self("running");
  perform(plan_.start(now_ms()));
  return {
      [this](const shut_down& ask) { perform(plan_.stop(ask.reason, now_ms())); },
      [this](const stop_timeout& late) {
        perform(plan_.on_stop_timeout(late.child, late.epoch, now_ms()));
      },
      [this](const restart_due& due) { perform(plan_.on_tick(due.epoch, now_ms())); },
      [this](add_child& add) {
        auto todo = plan_.add(add.what.spec, now_ms());
        for (const auto& each : todo)
          if (each.what == core::action::kind::start) {
            starts_.resize(std::max(starts_.size(), each.child + 1));
            starts_[each.child] = std::move(add.what.start);
          }
        perform(std::move(todo));
      },
  };
}

void supervisor::perform(core::actions todo) {
  // Actions may cause further ones (a start succeeds at once), so the list grows while it is worked
  // off.
  for (std::size_t i = 0; i < todo.size(); ++i) {
    const auto act = todo[i];
    core::actions more;
    switch (act.what) {
      case core::action::kind::start:
        start_one(act.child, more);
        break;
      case core::action::kind::ask:
      case core::action::kind::kill:
        ask_to_end(act.child, act.what == core::action::kind::kill);
        if (act.ms != core::shutdown_infinity)
          delayed_send(this, std::chrono::milliseconds(act.ms), stop_timeout{act.child, act.epoch});
        break;
      case core::action::kind::wait:
        delayed_send(this, std::chrono::milliseconds(act.ms), restart_due{act.epoch});
        break;
      case core::action::kind::end:
        show_self("stopped");
        if (act.reason == "normal" || act.reason == "shutdown")
          quit(caf::exit_reason::user_shutdown);
        else
          quit(failure(options_.name + ": " + act.reason));
        return;
    }
    if (act.what != core::action::kind::wait) show_child(act.child);
    todo.insert(todo.end(), more.begin(), more.end());
  }
}

void supervisor::start_one(std::size_t index, core::actions& more) {
  handles_.resize(std::max(handles_.size(), index + 1));
  try {
    auto handle = starts_[index](*this);
    by_address_[handle.address()] = index;
    monitor(handle);
    if (options_.names) options_.names->put(plan_.children()[index].spec.id, handle);
    handles_[index] = std::move(handle);
    more = plan_.on_started(index, now_ms());
  } catch (const std::exception& e) {
    logging::note(events::actor_start_failed,
                  {{"node", options_.node}, {"actor", path_of(index)}, {"reason", e.what()}});
    more = plan_.on_start_failed(index, e.what(), now_ms());
  }
}

void supervisor::ask_to_end(std::size_t index, bool kill) {
  if (!handles_[index]) return;
  // High priority: an exit message waits behind queued work otherwise (CAF 0.17).
  const auto reason = kill ? caf::exit_reason::kill : caf::exit_reason::user_shutdown;
  send<caf::message_priority::high>(handles_[index], caf::exit_msg{address(), reason});
}

void supervisor::on_down(const caf::down_msg& down) {
  const auto found = by_address_.find(down.source);
  if (found == by_address_.end()) return;  // abandoned earlier
  const auto index = found->second;
  by_address_.erase(found);
  const auto id = plan_.children()[index].spec.id;
  if (options_.names) options_.names->remove(id, down.source);
  handles_[index] = caf::actor{};
  const auto how = kind_of(down.reason);
  if (how == core::exit_kind::abnormal && !plan_.closing())
    logging::note(
        events::actor_died,
        {{"node", options_.node}, {"actor", path_of(index)}, {"reason", text_of(down.reason)}});
  perform(plan_.on_exit(index, how, text_of(down.reason), now_ms()));
  show_child(index);
}

std::string supervisor::path_of(std::size_t index) const {
  const auto own = options_.path.empty() ? options_.name : options_.path + "/" + options_.name;
  return own + "/" + plan_.children()[index].spec.id;
}

void supervisor::show_child(std::size_t index) {
  if (!options_.names || index >= plan_.children().size()) return;
  const auto& record = plan_.children()[index];
  if (record.status == core::child_status::removed) return options_.names->hide(path_of(index));
  options_.names->show(path_of(index), {options_.node,
                                        path_of(index),
                                        std::string(core::to_text(record.status)),
                                        record.restarts,
                                        {},
                                        record.last_reason});
}

void supervisor::show_self(const std::string& state) {
  // Below another supervisor the parent shows the row, with its restart count.
  if (!options_.names || !options_.path.empty()) return;
  options_.names->show(
      options_.name,
      {options_.node, options_.name, state, 0, std::string(core::to_text(plan_.spec().how)), {}});
}

std::int64_t supervisor::now_ms() const {
  // The actor clock, not the steady clock, so that tests run on virtual time.
  const auto now = const_cast<supervisor*>(this)->clock().now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void supervisor::on_exit() {
  handles_.clear();
  by_address_.clear();
  starts_.clear();
}

outcome<caf::actor> start_supervisor(caf::actor_system& system, options what) {
  auto spec = with_children(what.spec, what.children);
  if (auto good = core::validate(spec); !good) return good.error();
  return system.spawn<supervisor>(std::move(what));
}

}  // namespace artel::supervision
