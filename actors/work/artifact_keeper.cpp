#include "actors/work/artifact_keeper.hpp"

#include <stdexcept>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "actors/work/attempt_folder.hpp"

namespace artel::work {
namespace {

constexpr auto fetch_pause = std::chrono::milliseconds(200);  ///< while something is fetched
constexpr auto collect_every = std::chrono::hours(1);

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::unique_ptr<disk_store> opened(const store_options& what) {
  auto store = disk_store::open(*what.lane);
  if (!store) throw std::runtime_error(store.error().text);
  return *std::move(store);
}

std::string key_of(const attempt_ref& ref) { return attempt_folder({}, ref).string(); }

}  // namespace

artifact_keeper::artifact_keeper(caf::actor_config& config, store_options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      store_(opened(options_)),
      fetch_(*store_,
             {[this](read_blob ask) { tell(names::bridge, ask_for_blob{std::move(ask)}); },
              [this](const attempt_ref& ref, const std::string& problem,
                     const std::vector<gone_blob>& gone) { brought(ref, problem, gone); }}) {}

template <class Message>
void artifact_keeper::tell(const char* who, Message message) {
  if (const auto to = options_.names->find(who)) send(to, std::move(message));
}

caf::behavior artifact_keeper::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  store_->clear();
  timer_.within(fetch_pause);
  return {
      [this](const prepare_attempt& what) { prepare(what); },
      [this](const put_artifacts& what) { put(what); },
      [this](const clear_attempt& what) {
        fetch_.forget(what.ref);
        inputs_.erase(key_of(what.ref));
        store_->end_attempt(what.ref);
      },
      [this](const piece_came& what) { fetch_.on_piece(what.what, steady_ms()); },
      [this](timer_due due) {
        if (!timer_.take(due)) return;
        fetch_.tick(steady_ms());
        collect();
        timer_.within(fetch_.idle() ? std::chrono::milliseconds(collect_every) : fetch_pause);
      },
  };
}

void artifact_keeper::prepare(const prepare_attempt& what) {
  if (auto good = store_->make_attempt(what.ref); !good)
    return tell(names::worker, attempt_prepared{what.ref, good.error().text, {}});
  inputs_[key_of(what.ref)] = what.inputs;
  fetch_.want(what.ref, what.inputs, steady_ms());
  if (!fetch_.idle()) timer_.within(fetch_pause);
}

void artifact_keeper::brought(const attempt_ref& ref, const std::string& problem,
                              const std::vector<gone_blob>& gone) {
  const auto found = inputs_.find(key_of(ref));
  if (found == inputs_.end()) return;
  const auto inputs = std::move(found->second);
  inputs_.erase(found);
  auto why = problem;
  for (const auto& each : inputs) {
    if (!why.empty()) break;
    if (auto good = store_->lay_out(ref, each); !good)
      why = "'" + each.path + "': " + good.error().text;
  }
  attempt_prepared said{ref, why, {}};
  for (const auto& each : gone) said.gone.push_back({each.node, each.hash, 0, false, false});
  tell(names::worker, std::move(said));
}

void artifact_keeper::put(const put_artifacts& what) {
  artifacts_put said{what.ref, {}, {}};
  for (const auto& each : what.places) {
    auto made = store_->put(what.ref, each);
    if (!made) {
      said.problem = made.error().text;
      break;
    }
    said.artifacts.push_back(*std::move(made));
  }
  tell(names::worker, std::move(said));
}

void artifact_keeper::collect() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_collection_) return;
  next_collection_ = now + collect_every;
  if (const auto bytes = store_->collect(options_.unused_for); bytes != 0)
    logging::note(events::artifacts_collected,
                  {{"bytes", bytes}, {"unused_for_s", options_.unused_for.count()}});
}

blob_server::blob_server(caf::actor_config& config, store_options what)
    : caf::event_based_actor(config), options_(std::move(what)), store_(opened(options_)) {}

caf::behavior blob_server::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {[this](const blob_asked& what) { answer(what.what); }};
}

void blob_server::answer(const read_blob& what) {
  const auto bridge = options_.names->find(names::bridge);
  if (!bridge) return;
  const auto end = what.offset + std::min<std::uint64_t>(what.size, bytes_asked_max);
  for (auto offset = what.offset; offset < end || offset == what.offset;) {
    blob_piece piece{what.node, what.hash, offset, 0, {}, {}};
    auto data = store_->read(what.hash, offset,
                             std::min<std::uint64_t>(piece_bytes_max, end - offset), piece.size);
    if (!data) {
      piece.gone = data.error().code == trouble_code::not_found;
      piece.problem = "node '" + options_.node + "': " + data.error().text;
      return send(bridge, send_piece{std::move(piece)});
    }
    if (offset > piece.size) return;  // asked ahead of knowing how much there is
    const auto count = data->size();
    piece.data.data = *std::move(data);
    const bool last = count == 0 || offset + count >= piece.size;
    send(bridge, send_piece{std::move(piece)});
    if (last) return;
    offset += count;
  }
}

}  // namespace artel::work
