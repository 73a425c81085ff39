// The judge: knows what is durable and holds everything else against it. All invariants of
// docs/ARCHITECTURE.md that can be seen from outside are asserted here; a broken one is thrown as a
// violation.
#pragma once

#include <map>
#include <set>

#include "actors/coordination/coordinator_core.hpp"
#include "actors/core/history_check.hpp"
#include "messages/wire/envelope.hpp"
#include "tests/simulation/world.hpp"

namespace artel::simulation {

/// What worker nodes know under that name, and nobody else may.
constexpr std::string_view known_secret = "key";
constexpr std::string_view secret_value = "horsehorse-battery";

class judge {
public:
  explicit judge(world& where) : world_(where) {}

  /// All facts that the journal holds, in order: nothing that was durable may be missing, and what
  /// is new must be possible.
  void see_durable(const std::vector<core::fact>& facts);
  /// After a start: the journal from its beginning.
  void see_recovered(const std::vector<core::fact>& facts);
  std::size_t durable_count() const { return facts_.size(); }

  /// A person was told that the run is accepted.
  void see_accepted(const run_id& run);
  /// A frame leaves a node.
  void see_told(const std::string& frame) const;
  /// A frame leaves the supervisor node.
  void see_sent(const std::string& frame);
  /// An ack covers this report of a worker node.
  void see_acknowledged(const step_report& report);
  /// An attempt begins in a step host.
  void see_begun(const attempt_ref& ref);
  /// … and finds this.
  void see_inputs(const attempt_ref& ref, const std::vector<input_blob>& found) const;
  /// A published file of an instance is replaced by that attempt's.
  void see_replaced(const attempt_ref& ref);
  /// The coordinator's state after an event; of a large world not after each.
  void see_state(const coordination::coordinator_core& of) {
    if (++states_ % look_every == 0) look_at(of);
  }
  std::uint64_t look_every = 1;
  bool ended(const run_id& run) const;
  bool all_ended() const;
  const core::run* find(const run_id& id) const { return history_.find(id); }

private:
  void demand(bool good, const std::string& text) const {
    if (!good) throw violation{text};
  }
  void look_at(const coordination::coordinator_core& of);
  void take(const core::fact& what);
  void compare(const core::run& live, const core::run& durable) const;
  static std::string sentence(const core::fact& what, const core::run& of);

  world& world_;
  std::uint64_t states_ = 0;
  std::vector<core::fact> facts_;
  core::history_check history_;
  std::set<run_id> accepted_;
  std::map<std::pair<run_id, instance_no>, std::set<attempt_no>> begun_;
  std::map<std::pair<run_id, instance_no>, attempt_no>
      published_;  ///< the newest that replaced a file
};

}  // namespace artel::simulation
