// What the worker does, without an actor: which attempts are on this node, from their order to the
// end of their publishing. Orders and ends go in; words for the pump, the publisher and the bridge
// come out through its doors. An attempt is held until its end is reported or its outputs are in
// place; whatever is held is named when the node introduces itself.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "actors/interfaces.hpp"

namespace artel::work {

struct worker_doors {
  std::function<void(std::vector<step_report>)> report;             ///< → bridge
  std::function<void(run_steps)> run;                               ///< → process pump
  std::function<void(std::vector<attempt_ref>, std::string)> stop;  ///< → process pump
  /// → admission actor; false: there is none now, the orders go on as they are.
  std::function<bool(const run_steps&)> admit;
  /// → publisher, which answers on_published; false: there is none now.
  std::function<bool(publish_output)> publish;
  std::function<void(discard_output)> discard;  ///< → publisher
  /// → artifact keeper, which answers on_prepared, on_put; false: there is none now.
  std::function<bool(prepare_attempt)> prepare;
  std::function<bool(put_artifacts)> put;
  std::function<void(clear_attempt)> clear;
  std::function<void(const std::string&)>
      give_back;  ///< → process pump: everything ends as returned
};

class worker_core {
public:
  worker_core(std::string admitted_prefix, worker_doors doors)
      : admitted_prefix_(std::move(admitted_prefix)), doors_(std::move(doors)) {}

  void on_order(node_order& what);
  void on_admitted(orders_admitted& said);
  /// The admission actor did not answer: its advice is a courtesy, the step itself checks again.
  void on_not_admitted(run_steps what) { start(std::move(what)); }
  void on_ended(std::vector<step_report> reports);
  void on_prepared(const attempt_prepared& said);
  void on_put(artifacts_put said);
  void on_published(std::vector<step_report> reports);
  void on_not_published(const attempt_ref& ref, const std::string& why);
  /// Gives everything back: what is being published must have stopped before the attempt is given
  /// to somebody else, so this may wait for on_published.
  void leave(std::string reason);

  std::vector<attempt_ref> held() const;

private:
  struct held_attempt {
    std::string step;
    std::string output;  ///< empty: nothing to publish
    bool staged = false;
    std::vector<artifact_place> artifacts = {};
    bool has_folder = false;                ///< made for it by the artifact keeper
    std::optional<run_steps> waits = {};    ///< the order, until its inputs are there
    std::optional<step_report> ended = {};  ///< the report, until its artifacts are in the store
  };
  struct ref_order {
    bool operator()(const attempt_ref& a, const attempt_ref& b) const {
      return std::tie(a.run, a.instance, a.attempt) < std::tie(b.run, b.instance, b.attempt);
    }
  };

  void take(run_steps& what);
  void start(run_steps what);
  void prepare(const run_steps& what, const step_order& order);
  void publish(const publish_steps& what);
  void discard(const discard_steps& what);
  void leave_if_published();

  std::string admitted_prefix_;
  worker_doors doors_;
  std::map<attempt_ref, held_attempt, ref_order> held_;
  std::set<attempt_ref, ref_order> publishing_;  ///< asked of the publisher, not answered
  bool leaving_ = false;
  std::string leave_reason_;
};

}  // namespace artel::work
