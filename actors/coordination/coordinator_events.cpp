// What happened, for who reads on: durable facts from the journal with the names that people know.
// Who waits is looked after once a tick, so that a busy cluster costs a reader one question per
// tick and not one per fact.
#include <algorithm>
#include <limits>

#include "actors/actor_errors.hpp"
#include "actors/coordination/coordinator.hpp"
#include "actors/submission_text.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {

constexpr auto journal_patience = std::chrono::seconds(10);
constexpr std::size_t ends_awaited_max = 1'024;

/// What the journal packs for itself is not told; who submitted is.
std::string told_text(const core::fact& what, const core::run* of) {
  if (what.kind == core::fact_kind::run_submitted)
    return of == nullptr ? std::string() : of->submitted().by;
  return what.kind == core::fact_kind::artifacts_kept ? std::string() : what.text;
}

cluster_event event_of(const facts_read::numbered& from, const core::run* of) {
  const auto& what = from.what;
  cluster_event made;
  made.number = from.number;
  made.at_ms = what.at_ms;
  made.kind = core::name_of(what.kind);
  made.run = from.run;
  made.attempt = what.attempt;
  made.value = what.number;
  made.text = told_text(what, of);
  if (of == nullptr) return made;
  made.pipeline = of->plan().definition.name;
  if (core::is_of_step(what.kind) && what.instance < of->numbers())
    made.step = of->instance_name(what.instance);
  return made;
}

}  // namespace

void coordinator::read(read_events what, caf::response_promise asker) {
  what.after = std::min(what.after, std::uint64_t{std::numeric_limits<std::int64_t>::max()});
  what.limit = std::clamp<std::uint32_t>(what.limit, 1, entries_read_max);
  what.wait_ms = std::min(what.wait_ms, wait_ms_max);
  const auto until = options_.now().steady_ms + what.wait_ms;
  look_for(std::make_shared<event_reader>(event_reader{std::move(what), std::move(asker), until}));
}

void coordinator::look_for(const reader_ptr& one) {
  const auto journal = options_.names->find(names::journal);
  const auto refuse = [this, one](const std::string& why) {
    one->asker.deliver(coordinator_answer{refused{trouble_code::unavailable, why}});
  };
  if (!journal) return refuse("the journal keeper is being restarted; ask again");
  one->seen = core_.durable();
  request(journal, journal_patience,
          read_facts{one->what.after, one->what.newest ? 0 : one->what.limit, one->what.run})
      .then(
          [this, one](facts_read& found) {
            name_events(one, std::make_shared<facts_read>(std::move(found)), 0);
          },
          [refuse](caf::error& why) { refuse("the journal did not answer: " + text_of(why)); });
}

/// Runs that left memory are folded again from their facts, one after the other.
void coordinator::name_events(const reader_ptr& one, std::shared_ptr<facts_read> found,
                              std::size_t from) {
  const auto add = [one](const facts_read::numbered& each, const core::run* of) {
    auto made = event_of(each, of);
    if (one->what.pipeline.empty() || made.pipeline == one->what.pipeline)
      one->events.push_back(std::move(made));
  };
  for (auto at = from; at < found->facts.size(); ++at) {
    const auto& each = found->facts[at];
    const auto* of = each.run.empty() ? nullptr : core_.state().find(each.what.run);
    if (of != nullptr || each.run.empty()) {
      add(each, of);
      continue;
    }
    const auto upto = static_cast<std::size_t>(
        std::find_if(found->facts.begin() + static_cast<std::ptrdiff_t>(at), found->facts.end(),
                     [&](const auto& other) { return other.run != each.run; }) -
        found->facts.begin());
    const auto rest = [this, one, found, upto] { name_events(one, found, upto); };
    return with_past_run(
        each.run, {trouble_code::not_found, "gone"},
        [add, found, at, upto, rest](const core::cluster&, const core::run& past) {
          for (auto i = at; i < upto; ++i) add(found->facts[i], &past);
          rest();
        },
        [add, found, at, upto, rest](const refused&) {
          for (auto i = at; i < upto; ++i) add(found->facts[i], nullptr);
          rest();
        });
  }
  told(one, found->next_after);
}

void coordinator::told(const reader_ptr& one, std::uint64_t next_after) {
  const bool moved = next_after != one->what.after;
  one->what.after = next_after;
  if (one->events.empty() && !one->what.newest && options_.now().steady_ms < one->until_ms) {
    if (moved) return look_for(one);  // there may be more that the filter lets through
    readers_.push_back(one);
    return stir();
  }
  one->asker.deliver(coordinator_answer{events_read{std::move(one->events), next_after}});
}

void coordinator::await(const await_run& what, caf::response_promise asker) {
  const auto found = core_.find_run(what.run);
  const auto wait = std::min(what.wait_ms, wait_ms_max);
  if (!found) return show(show_run{what.run}, asker);
  const auto number = (*found)->number();
  std::size_t all = 0;
  for (const auto& [run, waiting] : awaiting_) all += waiting.size();
  if (wait == 0 || all >= ends_awaited_max || core_.has_ended(**found))
    return answer(asker, awaited(number));
  awaiting_[number].push_back({std::move(asker), options_.now().steady_ms + wait});
}

/// What those who wait for a run's end are told of it. An end that is not durable is none yet.
admin_answer coordinator::awaited(core::run_no number) const {
  const auto* of = core_.state().find(number);
  if (of == nullptr || (of->state() != run_state::running && !core_.has_ended(*of)))
    return refused{trouble_code::unavailable, "the run's end is being written; ask again"};
  return core::show(*of, core_.state().nodes(), core_.board());
}

void coordinator::tell_ended() {
  for (const auto number : core_.take_ended()) {
    auto waiting = awaiting_.extract(number);
    if (waiting.empty()) continue;
    for (auto& one : waiting.mapped()) answer(one.asker, awaited(number));
  }
}

/// Who has waited for long enough sees the run as it is.
void coordinator::tell_late(std::int64_t now_ms) {
  for (auto& [number, waiting] : awaiting_)
    std::erase_if(waiting, [this, number = number, now_ms](const end_waiter& one) {
      if (now_ms < one.until_ms) return false;
      answer(one.asker, awaited(number));
      return true;
    });
  std::erase_if(awaiting_, [](const auto& each) { return each.second.empty(); });
}

void coordinator::wake_readers() {
  if (readers_.empty()) return;
  const auto now = options_.now().steady_ms;
  std::vector<reader_ptr> due;
  std::erase_if(readers_, [&](const reader_ptr& one) {
    const bool wake = one->seen != core_.durable() || now >= one->until_ms;
    if (wake) due.push_back(one);
    return wake;
  });
  for (const auto& one : due) look_for(one);
}

}  // namespace artel::coordination
