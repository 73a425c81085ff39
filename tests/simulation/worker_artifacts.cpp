// A simulated worker node's artifact keeper and blob server: the real transfers over a network that
// lies, with blobs of a few bytes in pieces of fewer.
#include "tests/simulation/worker_node.hpp"

namespace artel::simulation {
namespace {
constexpr std::int64_t ms = 1'000;
constexpr std::size_t piece_bytes = 16;
}  // namespace

void worker_node::start_artifacts() {
  const auto life = actors_life_;
  preparing_.clear();
  work::fetch_doors doors;
  doors.ask = [this, life](const read_blob& what) {
    process_.post("link", [this, life, what] {
      if (life == actors_life_) link_->send_once(what);
    });
  };
  doors.ended = [this, life](const attempt_ref& ref, const std::string& problem,
                             const std::vector<work::gone_blob>& gone) {
    world_.tell([&] {
      return process_.name() + (problem.empty() ? " has" : " can not bring") + " the inputs of " +
             shared_files::key(ref).substr(20) + " " + problem;
    });
    attempt_prepared said{ref, problem, {}};
    for (const auto& each : gone) said.gone.push_back({each.node, each.hash, 0, false, false});
    process_.post("worker", [this, life, said] {
      if (life == actors_life_) core_->on_prepared(said);
    });
  };
  fetch_ = std::make_unique<work::blob_fetch>(store_, std::move(doors));
}

void worker_node::prepare(const prepare_attempt& what) {
  preparing_[shared_files::key(what.ref)] = what.inputs;
  fetch_->want(what.ref, what.inputs, world_.steady_ms());
}

/// What a step makes: something else with each attempt. A third of them makes a folder.
void worker_node::put(const put_artifacts& what) {
  artifacts_put said{what.ref, {}, {}};
  const auto key = shared_files::key(what.ref);
  for (const auto& each : what.places) {
    const auto content = "made by " + key + " " + std::string(world_.between(0, 60), 'x');
    if (world_.one_in(3)) {
      const auto file = store_.put(content);
      const auto list =
          to_text({{'f', file, content.size(), "a"}, {'f', file, content.size(), "b/c"}});
      said.artifacts.push_back({each.name, store_.put(list), content.size(), true, false});
    } else {
      said.artifacts.push_back({each.name, store_.put(content), content.size(), false, false});
    }
  }
  if (world_.one_in(20)) said.artifacts.clear(), said.problem = "it was not made";
  process_.later(world_.between(0, 30) * ms, [this, said, life = actors_life_] {
    if (life != actors_life_) return;
    process_.post("worker", [this, said, life] {
      if (life == actors_life_) core_->on_put(said);
    });
  });
}

void worker_node::serve(const read_blob& what) {
  const auto* blob = store_.find(what.hash);
  if (blob == nullptr) {
    link_->send_once(blob_piece{what.node, what.hash, what.offset, 0, {}, "collected", true});
    return;
  }
  for (auto offset = what.offset; offset <= blob->size(); offset += piece_bytes) {
    link_->send_once(blob_piece{
        what.node, what.hash, offset, blob->size(), {blob->substr(offset, piece_bytes)}, {}});
    if (offset + piece_bytes >= blob->size()) return;
  }
}

/// The attempt begins: what it is to find must be there.
void worker_node::check_inputs(const attempt_ref& ref) {
  const auto found = preparing_.find(shared_files::key(ref));
  const auto inputs = found == preparing_.end() ? std::vector<input_blob>() : found->second;
  for (const auto& each : inputs) {
    bool there = store_.has(each.hash);
    if (there && each.folder) {
      const auto list = store_.list(each.hash);
      for (const auto& file : *list) there = there && store_.has(file.hash);
    }
    if (!there) throw violation{shared_files::key(ref) + " begins without its input " + each.path};
  }
  judge_.see_inputs(ref, inputs);
}

}  // namespace artel::simulation
