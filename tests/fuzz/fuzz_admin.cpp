// Any requests of people to a coordinator that has a run and a node: each is answered exactly once,
// and nothing breaks. The input is a list of requests: kind, two bytes of length, body.
#include <cstdint>
#include <cstdlib>

#include "actors/coordination/coordinator_core.hpp"
#include "actors/logging/log.hpp"
#include "messages/wire/envelope.hpp"

namespace {

using namespace artel;

class cluster_of_one {
public:
  cluster_of_one() : core_({{}, 500, 1, 1}, doors()) {
    static_cast<void>(artel::logging::set_levels("off"));
    core_.recover({});
    node_hello said{
        "n", 7, {"analyzer", "1", "h", 1, {2, 2'000, 0, 0}, {}, {"core.noop"}, {}}, 1, 1};
    core_.on_hello(said);
    ask(submit_run{make_run_id(1, 2, 3), "pipeline: p\nsteps:\n  s: {use: core.noop}\n", "p.yaml"});
    written();
  }

  template <class Request>
  void ask(Request&& what) {
    using type = std::decay_t<Request>;
    int answers = 0;
    const auto to = [&answers](const admin_answer&) { ++answers; };
    if constexpr (std::is_same_v<type, submit_run>)
      core_.submit(what, to);
    else if constexpr (std::is_same_v<type, cancel_run>)
      core_.cancel(what, to);
    else if constexpr (std::is_same_v<type, drain_node>)
      core_.drain(what, to);
    else if constexpr (std::is_same_v<type, pause_work>)
      core_.pause(what, to);
    else if constexpr (std::is_same_v<type, mark_step>)
      core_.mark(what, to);
    else if constexpr (std::is_same_v<type, retry_run>) {
      const auto of = core_.find_run(what.of);
      if (!of) return;
      core_.retry(what, **of, to);
    } else if constexpr (std::is_same_v<type, explain_step>) {
      if (const auto of = core_.find_run(what.run))
        if (const auto at = core::find_instance(**of, what.step))
          static_cast<void>(core::explain(core_.state(), **of, *at, {1, 1}));
      return;
    } else
      return;
    written();
    if (answers != 1) std::abort();
  }

private:
  coordination::coordinator_doors doors() {
    coordination::coordinator_doors made;
    made.journal = [this](const append_facts& what) { batch_ = what.batch; };
    made.bridge = [](const to_bridge&) {};
    made.knows_run = [](const knows_run&, const auto& then) { then(std::optional<run_id>()); };
    made.now = [] { return core::moment{1'000'000, 1'000'000}; };
    return made;
  }
  void written() {
    while (!core_.all_durable()) core_.on_durable({1, batch_});
  }

  std::uint64_t batch_ = 0;
  coordination::coordinator_core core_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cluster_of_one cluster;
  for (std::size_t at = 0; at + 3 <= size;) {
    wire::envelope head;
    head.kind = data[at];
    head.sender = "fuzz";
    const std::size_t length = data[at + 1] + 256U * data[at + 2];
    const auto body = std::min(length, size - at - 3);
    head.body = bytes_view{{reinterpret_cast<const char*>(data) + at + 3, body}};
    at += 3 + body;
    static_cast<void>(wire::open_body(
        head, [&](auto&& message) { cluster.ask(std::forward<decltype(message)>(message)); }));
  }
  return 0;
}
