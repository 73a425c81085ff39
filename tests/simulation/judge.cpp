#include "tests/simulation/judge.hpp"

#include <algorithm>

#include "actors/coordination/compile.hpp"
#include "actors/submission_text.hpp"
#include "messages/wire/packing.hpp"

namespace artel::simulation {
namespace {

std::string short_id(const run_id& id) { return to_text(id).substr(20); }

std::string text_of(const attempt_ref& ref) {
  return "attempt " + std::to_string(ref.attempt) + " of instance " + std::to_string(ref.instance) +
         " of run " + short_id(ref.run);
}

constexpr const char* verbs[] = {"",
                                 "was submitted",
                                 "started",
                                 "finished",
                                 "published",
                                 "failed",
                                 "crashed",
                                 "returned",
                                 "skipped",
                                 "cancelled",
                                 "is to be cancelled",
                                 "ended",
                                 "drained",
                                 "ran out of memory",
                                 "was paused or goes on",
                                 "is paused",
                                 "was ended by a person",
                                 "was taken over",
                                 "has come further",
                                 "is paused",
                                 "is set",
                                 "is kept",
                                 "took a result of an earlier run",
                                 "starts anew with its group",
                                 "has made artifacts",
                                 "was asked for",
                                 "may start so often",
                                 "may take so long"};
static_assert(std::size(verbs) == static_cast<std::size_t>(core::fact_kind_max) + 1);

}  // namespace

std::string judge::sentence(const core::fact& what, const core::run& of) {
  const auto run = "run " + short_id(of.submitted().run);
  const std::string verb = verbs[static_cast<std::size_t>(what.kind)];
  const bool of_run = what.kind == core::fact_kind::run_submitted ||
                      what.kind == core::fact_kind::run_cancel_requested ||
                      what.kind == core::fact_kind::run_paused ||
                      what.kind == core::fact_kind::run_ended;
  if (of_run) return run + " " + verb;
  return run + " step " + of.instance_name(what.instance) + " attempt " +
         std::to_string(what.attempt) + " " + verb +
         (what.kind == core::fact_kind::step_started ? " on " + what.text
          : what.text.empty()                        ? ""
                                                     : ": " + what.text);
}

void judge::take(const core::fact& what) {
  demand(what.text.find(secret_value) == std::string::npos, "a secret is in the journal");
  std::string broken;
  if (what.kind == core::fact_kind::run_submitted) {
    const auto said = read_submission(what.text);
    demand(static_cast<bool>(said), "a submission in the journal can not be read");
    auto plan = coordination::recompile(said->pipeline, said->file);
    broken = history_.next_submitted(what, {*said, plan ? *plan : nullptr});
  } else {
    broken = history_.next(what);
  }
  const auto run = history_.runs().find(what.run);
  const auto told = what.run == 0 ? core::name_in(what) +
                                        (what.number != 0 ? " is held" : " is not held any more")
                    : run == history_.runs().end() ? "fact of run " + std::to_string(what.run)
                                                   : sentence(what, *run->second);
  if (what.kind == core::fact_kind::schedule_passed)
    if (const auto at = what.text.find("\nrun "); broken.empty() && at != std::string::npos)
      if (const auto id = run_id_from(what.text.substr(at + 5, 26)); !id || find(*id) == nullptr)
        broken = "a schedule has come further than the run that it started";
  demand(broken.empty(),
         "fact " + std::to_string(facts_.size() + 1) + " (" + told + "): " + broken);
  world_.tell([&] { return "    durable: " + told; });
  facts_.push_back(what);
}

void judge::see_told(const std::string& frame) const {
  demand(frame.find(secret_value) == std::string::npos, "a secret is in what a node tells");
}

void judge::see_durable(const std::vector<core::fact>& facts) {
  for (const auto& what : facts) take(what);
}

void judge::see_recovered(const std::vector<core::fact>& facts) {
  demand(facts.size() >= facts_.size(),
         std::to_string(facts_.size() - std::min(facts_.size(), facts.size())) +
             " facts that were durable are gone from the journal");
  for (std::size_t i = 0; i < facts_.size(); ++i)
    demand(facts[i] == facts_[i], "fact " + std::to_string(i + 1) + " has changed in the journal");
  for (std::size_t i = facts_.size(); i < facts.size(); ++i) take(facts[i]);
  for (const auto& id : accepted_)
    demand(find(id) != nullptr, "run " + short_id(id) + " was accepted and is lost");
}

void judge::see_accepted(const run_id& run) {
  accepted_.insert(run);
  demand(find(run) != nullptr,
         "run " + short_id(run) + " was called accepted before it was durable");
}

void judge::see_sent(const std::string& frame) {
  const auto head = wire::open(frame);
  if (!head || (head->kind != number_of<run_steps>() && head->kind != number_of<publish_steps>()))
    return;
  static_cast<void>(wire::open_body(*head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_same_v<type, run_steps>) {
      for (const auto& order : message.orders) {
        const auto* of = find(message.plans[order.plan].run);
        demand(of != nullptr && of->at(order.instance).attempt >= order.attempt,
               "a node was told to start " +
                   text_of({message.plans[order.plan].run, order.instance, order.attempt}) +
                   " before that was durable");
      }
    } else if constexpr (std::is_same_v<type, publish_steps>) {
      for (const auto& ref : message.attempts) {
        const auto* of = find(ref.run);
        const bool good = of != nullptr && (of->at(ref.instance).attempt > ref.attempt ||
                                            (of->at(ref.instance).attempt == ref.attempt &&
                                             of->at(ref.instance).state != step_state::running));
        demand(good, "a node was told to publish " + text_of(ref) + " before that was durable");
      }
    }
  }));
}

void judge::see_acknowledged(const step_report& report) {
  const attempt_ref ref{report.run, report.instance, report.attempt};
  const auto* of = find(report.run);
  demand(of != nullptr, "the report of " + text_of(ref) + " was acknowledged, its run is unknown");
  const auto& one = of->at(report.instance);
  demand(one.attempt > report.attempt || one.state != step_state::running,
         "the report of " + text_of(ref) + " was acknowledged before it was durable");
  if (report.how == ending::published)
    demand(one.attempt > report.attempt || one.state != step_state::publishing,
           "the publishing of " + text_of(ref) + " was acknowledged before it was durable");
}

void judge::see_begun(const attempt_ref& ref) {
  const bool fresh = begun_[{ref.run, ref.instance}].insert(ref.attempt).second;
  demand(fresh, text_of(ref) + " was begun twice");
  const auto* of = find(ref.run);
  demand(of != nullptr, text_of(ref) + " was begun, its run is unknown");
}

/// What the instances that it needs have made, by the journal.
void judge::see_inputs(const attempt_ref& ref, const std::vector<input_blob>& found) const {
  const auto* of = find(ref.run);
  if (of == nullptr || of->at(ref.instance).attempt != ref.attempt ||
      of->at(ref.instance).state != step_state::running)
    return;  // it has been given up
  std::multiset<std::string> wanted, there;
  for (const auto& each : found) there.insert(each.hash);
  const auto step = of->step_of(ref.instance);
  // Some rules do not wait: what is made after the order is not in it.
  bool waits = of->plan().definition.steps[step].trigger == trigger_rule::all_success;
  for (const auto& take : of->plan().nodes[step].takes) {
    const auto& needs = of->plan().nodes[step].needs;
    waits = waits && std::find(needs.begin(), needs.end(), take.step) != needs.end();
    const auto [first, count] = of->instances_of(take.step);
    for (instance_no i = first; i < first + count; ++i) {
      if (take.own_instance && i - first != ref.instance - of->instances_of(step).first) continue;
      const auto* made = of->artifacts_of(i);
      if (made != nullptr && of->at(i).state == step_state::succeeded)
        if (const auto* one = made->find(take.artifact)) wanted.insert(one->hash);
    }
  }
  const bool good = waits ? wanted == there
                          : std::includes(wanted.begin(), wanted.end(), there.begin(), there.end());
  demand(good, text_of(ref) + " begins with other inputs than the journal says");
}

void judge::see_replaced(const attempt_ref& ref) {
  const auto* of = find(ref.run);
  demand(of != nullptr, text_of(ref) + " publishes, its run is unknown");
  const auto& one = of->at(ref.instance);
  demand(one.attempt >= ref.attempt, text_of(ref) + " publishes and was never started");
  // What nobody newer has published may still be put in place: its report was accepted.
  auto& newest = published_[{ref.run, ref.instance}];
  demand(newest <= ref.attempt,
         text_of(ref) + " overwrote what attempt " + std::to_string(newest) + " published");
  newest = ref.attempt;
}

void judge::look_at(const coordination::coordinator_core& of) {
  const auto& nodes = of.state().nodes();
  std::vector<node_capacity> used(nodes.size(), node_capacity{0, 0, 0, 0});
  for (const auto& [number, one] : of.state().runs())
    for (instance_no i = 0; i < one->numbers(); ++i) {
      const auto& instance = one->at(i);
      if (instance.node == core::no_node ||
          nodes.at(instance.node).state != core::node_state::alive)
        continue;
      auto& sum = used[instance.node];
      ++sum.slots;
      const auto asked = one->resources_of(i);
      sum.cpu_milli += asked.cpu_milli;
      sum.memory_bytes += asked.memory_bytes;
      for (const auto& [name, count] : asked.counters) sum.counters[name] += count;
    }
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const auto& one = nodes.at(i);
    if (one.state != core::node_state::alive || one.session == 0) continue;
    const auto& all = one.announced.capacity;
    demand(used[i].slots <= all.slots && used[i].cpu_milli <= all.cpu_milli &&
               used[i].memory_bytes <= all.memory_bytes,
           "node " + one.name + " has more attempts than it has room for");
    demand(one.free.slots == all.slots - used[i].slots &&
               one.free.cpu_milli == all.cpu_milli - used[i].cpu_milli &&
               one.free.memory_bytes == all.memory_bytes - used[i].memory_bytes &&
               std::all_of(all.counters.begin(), all.counters.end(),
                           [&](const auto& each) {
                             const auto taken = used[i].counters[each.first];
                             return taken <= each.second &&
                                    one.free.counters.at(each.first) == each.second - taken;
                           }),
           "node " + one.name + ": what is free does not follow from what runs there");
  }
  if (!of.all_durable()) return;
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    demand(nodes.at(i).drained == history_.drained(nodes.at(i).name),
           "node " + nodes.at(i).name + ": being drained is not the fold of the journal");
  for (const auto& [number, one] : of.state().runs()) {
    const auto durable = history_.runs().find(number);
    demand(durable != history_.runs().end(),
           "the coordinator knows run " + std::to_string(number) + ", which the journal has not");
    compare(*one, *durable->second);
  }
}

void judge::compare(const core::run& live, const core::run& durable) const {
  const auto say = [&](instance_no i) {
    return "run " + short_id(live.submitted().run) + " step " + live.instance_name(i) +
           ": the coordinator's state is not the fold of the journal";
  };
  for (instance_no i = 0; i < live.numbers(); ++i) {
    const auto& a = live.at(i);
    const auto& b = durable.at(i);
    // backing_off → ready follows from time, not from a fact.
    const auto state = b.state == step_state::backing_off && a.state == step_state::ready
                           ? step_state::ready
                           : b.state;
    demand(a.state == state && a.attempt == b.attempt && a.failures == b.failures &&
               a.crashes == b.crashes && a.memory_kills == b.memory_kills &&
               a.session == b.session && a.due_ms == b.due_ms &&
               live.text_of(i) == durable.text_of(i),
           say(i));
  }
  demand(live.state() == durable.state() && live.cancel_requested() == durable.cancel_requested(),
         "run " + short_id(live.submitted().run) + ": its state is not the fold of the journal");
}

bool judge::all_ended() const {
  return std::all_of(history_.runs().begin(), history_.runs().end(),
                     [](const auto& each) { return each.second->state() != run_state::running; });
}

bool judge::ended(const run_id& run) const {
  const auto* of = find(run);
  return of != nullptr && of->state() != run_state::running;
}

}  // namespace artel::simulation
