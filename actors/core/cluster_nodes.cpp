// Nodes come, go and fall silent: what that does to the attempts that they hold.
#include <set>

#include "actors/core/cluster.hpp"

namespace artel::core {

void cluster::join(std::string_view name, session_no session, hello what, moment now,
                   decision& out) {
  const auto index = nodes_.index_of(name);
  if (what.store.size() > store_id_bytes_max) what.store.clear();
  std::set<std::pair<run_id, std::pair<instance_no, attempt_no>>> announced;
  for (const auto& ref : what.attempts) announced.insert({ref.run, {ref.instance, ref.attempt}});
  nodes_.join(index, session, std::move(what), now.steady_ms);

  for (const auto number : std::vector<run_no>(active_.begin(), active_.end())) {
    auto& of = *get(number);
    for (instance_no i = 0; i < of.numbers(); ++i) {
      const auto& instance = of.at(i);
      if (instance.node != index) continue;
      if (announced.erase({of.submitted().run, {i, instance.attempt}}) == 0) {
        // A process keeps what it was given until it is acknowledged. If it is still the same one,
        // the order was lost with this supervisor node's last life and never began; if it is
        // another, the attempt died with the old one.
        if (instance.session == session)
          give_back(of, i, "the order did not reach node '" + std::string(name) + "'", now, out);
        else
          lose_attempt(of, i, "node '" + std::string(name) + "' was restarted during the attempt",
                       now, out);
        continue;
      }
      const auto asked = of.resources_of(i);
      const attempt_ref ref{of.submitted().run, i, instance.attempt};
      if (!nodes_.has_room(index, asked, true)) {  // it says that it is smaller than it was
        out.orders.push_back({order::kind::cancel, index, session, 0, ref});
        lose_attempt(of, i,
                     "node '" + std::string(name) + "' came back without room for the attempt", now,
                     out);
        continue;
      }
      nodes_.reserve(index, asked, true);
      // Its publish order may have died with the old supervisor: say it again, publishing twice is
      // harmless.
      if (instance.state == step_state::publishing)
        out.orders.push_back({order::kind::publish, index, session, number, ref});
      else if (of.stops(of.step_of(i)) || of.held(of.step_of(i)))
        out.orders.push_back({order::kind::cancel, index, session, number, ref});
    }
  }
  // What it runs but we gave up, or never knew: stop it, and throw away what it staged.
  for (const auto& [id, rest] : announced) {
    out.orders.push_back({order::kind::cancel, index, session, 0, {id, rest.first, rest.second}});
    out.orders.push_back({order::kind::discard, index, session, 0, {id, rest.first, rest.second}});
  }
}

void cluster::give_up_attempts_on(std::uint32_t node, const std::string& why, moment now,
                                  decision& out) {
  for (const auto number : std::vector<run_no>(active_.begin(), active_.end())) {
    auto& of = *get(number);
    for (instance_no i = 0; i < of.numbers(); ++i)
      if (of.at(i).node == node) lose_attempt(of, i, why, now, out);
  }
}

void cluster::lose(std::uint32_t node, const std::string& why, moment now, decision& out) {
  nodes_.mark(node, node_state::lost);
  give_up_attempts_on(node, "node '" + nodes_.at(node).name + "' was lost: " + why, now, out);
}

std::vector<std::uint32_t> cluster::expire_leases(moment now, decision& out) {
  auto late = nodes_.expired(now.steady_ms, limits_.lease_ms);
  for (const auto node : late)
    lose(node, "not heard of for " + std::to_string(limits_.lease_ms) + " ms", now, out);
  return late;
}

outcome<done> cluster::drain(std::string_view name, bool undo, const std::string& why, moment now,
                             decision& out) {
  const auto index = nodes_.find(name);
  if (index == node_table::no_such)
    return trouble{
        trouble_code::not_found,
        "no node '" + std::string(name) + "' has joined so far; artel nodes --all lists them"};
  if (nodes_.at(index).drained != undo) return done{};
  nodes_.set_drained(index, !undo);
  out.facts.push_back({fact_kind::node_drained, 0, 0, 0, now.wall_ms, undo ? 0 : 1,
                       cut_error(std::string(name) + '\n' + why)});
  return done{};
}

void cluster::leave(std::uint32_t node, moment now, decision& out) {
  nodes_.mark(node, node_state::left);
  for (const auto number : std::vector<run_no>(active_.begin(), active_.end())) {
    auto& of = *get(number);
    for (instance_no i = 0; i < of.numbers(); ++i)
      if (of.at(i).node == node)
        give_back(of, i, "node '" + nodes_.at(node).name + "' left", now, out);
  }
}

}  // namespace artel::core
