#include "actors/work/blob_fetch.hpp"

#include <algorithm>

namespace artel::work {
namespace {
constexpr std::int64_t silence_ms = 1'000;     ///< doubled with each silence in a row …
constexpr std::uint32_t silences_doubled = 3;  ///< … so often
/// Ten minutes: a node that is not there is answered for by the supervisor node, so silence means
/// that this one is away, or that much is under way.
constexpr std::uint32_t silences_max = 76;
constexpr std::uint32_t spoilt_max = 2;
}  // namespace

void blob_fetch::want(const attempt_ref& ref, const std::vector<input_blob>& inputs,
                      std::int64_t now_ms) {
  open_.try_emplace(ref);
  for (const auto& one : inputs) {
    if (!is_blob_hash(one.hash)) return give_up({ref}, "an input has no proper hash");
    need(ref, one.hash, one.size, one.folder, one.nodes, one.hash);
    if (!open_.contains(ref)) return;  // a list could not be read
  }
  end_if_complete(ref);
  start_some(now_ms);
}

void blob_fetch::need(const attempt_ref& ref, const std::string& hash, std::uint64_t size,
                      bool is_list, const std::vector<std::string>& nodes,
                      const std::string& input) {
  if (store_.has(hash)) {
    if (is_list) need_files_of(hash, nodes, {ref});
    return;
  }
  open_[ref].insert(hash);
  const auto [place, fresh] = transfers_.try_emplace(hash);
  auto& one = place->second;
  one.for_whom.insert(ref);
  one.inputs.insert(input);
  one.is_list = one.is_list || is_list;
  if (!fresh) return;
  one.nodes = nodes;
  one.size = size;
  waiting_.push_back(hash);
}

void blob_fetch::need_files_of(const std::string& list, const std::vector<std::string>& nodes,
                               const std::set<attempt_ref, by_numbers>& whom) {
  const auto files = store_.list(list);
  if (!files) return give_up(whom, files.error().text);
  for (const auto& ref : whom)
    for (const auto& file : *files)
      if (file.kind != 'd') need(ref, file.hash, file.size, false, nodes, list);
}

void blob_fetch::start_some(std::int64_t now_ms) {
  while (active_ < transfers_at_once_max && !waiting_.empty()) {
    const auto hash = std::move(waiting_.front());
    waiting_.pop_front();
    const auto found = transfers_.find(hash);
    if (found == transfers_.end() || found->second.active) continue;
    auto& one = found->second;
    one.active = true;
    ++active_;
    one.have = store_.begun(hash);
    if (one.have > (one.is_list ? folder_list_bytes_max : one.size))
      store_.drop(hash), one.have = 0;
    one.asked_to = one.have;
    one.heard_ms = now_ms;
    if (one.nodes.empty())
      next_node(found, "no node has it", now_ms, false);
    else
      ask(hash, one);
  }
}

/// Half of the credit at a time, so that the next request is there before the last piece has come.
void blob_fetch::ask(const std::string& hash, transfer& one) {
  while (one.asked_to - one.have < bytes_asked_max) {
    doors_.ask({one.nodes.front(), hash, one.asked_to, bytes_asked_max / 2});
    one.asked_to += bytes_asked_max / 2;
  }
}

void blob_fetch::on_piece(const blob_piece& piece, std::int64_t now_ms) {
  const auto found = transfers_.find(piece.hash);
  if (found == transfers_.end() || !found->second.active) return;
  auto& one = found->second;
  if (one.nodes.empty() || piece.node != one.nodes.front()) return;
  if (!piece.problem.empty()) return next_node(found, piece.problem, now_ms, piece.gone);
  if (piece.offset != one.have) return;  // one before it was lost, or this one came before
  if (!fits(one, piece.size) || piece.data.data.size() > piece_bytes_max ||
      one.have + piece.data.data.size() > piece.size)
    return next_node(found, "node '" + piece.node + "' has it in another size", now_ms, true);
  if (auto good = store_.add(piece.hash, piece.data.data); !good)
    return next_node(found, good.error().text, now_ms, false);
  one.have += piece.data.data.size();
  one.heard_ms = now_ms;
  one.silences = 0;
  if (one.have == piece.size) return complete(found, now_ms);
  if (one.asked_to < piece.size && one.asked_to - one.have <= bytes_asked_max / 2)
    ask(piece.hash, one);
}

void blob_fetch::complete(transfers::iterator which, std::int64_t now_ms) {
  const auto hash = which->first;
  if (auto good = store_.complete(hash); !good) {
    auto& one = which->second;
    store_.drop(hash);
    one.have = one.asked_to = 0;
    const bool spoilt = good.error().code == trouble_code::corrupt;
    if (!spoilt || ++one.spoilt >= spoilt_max)
      return next_node(which, good.error().text, now_ms, spoilt);
    return ask(hash, one);
  }
  const auto ended = std::move(which->second);
  transfers_.erase(which);
  --active_;
  if (ended.is_list) need_files_of(hash, ended.nodes, ended.for_whom);
  for (const auto& ref : ended.for_whom) {
    if (const auto open = open_.find(ref); open != open_.end()) open->second.erase(hash);
    end_if_complete(ref);
  }
  start_some(now_ms);
}

void blob_fetch::next_node(transfers::iterator which, const std::string& problem,
                           std::int64_t now_ms, bool said_no) {
  auto& one = which->second;
  if (!one.nodes.empty()) {
    if (said_no) one.said_no.push_back(one.nodes.front());
    one.nodes.erase(one.nodes.begin());
  }
  one.silences = one.spoilt = 0;
  one.heard_ms = now_ms;
  if (!one.nodes.empty()) {
    one.asked_to = one.have;
    return ask(which->first, one);
  }
  const auto whom = one.for_whom;
  std::vector<gone_blob> gone;
  for (const auto& node : one.said_no)
    for (const auto& input : one.inputs) gone.push_back({input, node});
  transfers_.erase(which);
  --active_;
  give_up(whom, problem, gone);
  start_some(now_ms);
}

void blob_fetch::give_up(const std::set<attempt_ref, by_numbers>& whom, const std::string& problem,
                         const std::vector<gone_blob>& gone) {
  for (const auto& ref : std::set(whom)) {
    if (!open_.contains(ref)) continue;
    forget(ref);
    doors_.ended(ref, problem, gone);
  }
}

void blob_fetch::forget(const attempt_ref& ref) {
  const auto found = open_.find(ref);
  if (found == open_.end()) return;
  for (const auto& hash : found->second) {
    const auto one = transfers_.find(hash);
    if (one == transfers_.end()) continue;
    one->second.for_whom.erase(ref);
    if (!one->second.for_whom.empty()) continue;
    active_ -= one->second.active ? 1 : 0;
    transfers_.erase(one);
  }
  open_.erase(found);
}

void blob_fetch::end_if_complete(const attempt_ref& ref) {
  const auto found = open_.find(ref);
  if (found == open_.end() || !found->second.empty()) return;
  open_.erase(found);
  doors_.ended(ref, {}, {});
}

void blob_fetch::tick(std::int64_t now_ms) {
  std::vector<std::string> silent;
  for (auto& [hash, one] : transfers_)
    if (one.active && now_ms - one.heard_ms >= silence_ms
                                                   << std::min(one.silences, silences_doubled))
      silent.push_back(hash);
  for (const auto& hash : silent) {
    const auto found = transfers_.find(hash);
    if (found == transfers_.end()) continue;  // what waited for it has been given up meanwhile
    auto& one = found->second;
    if (++one.silences > silences_max) {
      next_node(found, "node '" + one.nodes.front() + "' does not answer", now_ms, false);
      continue;
    }
    // A piece first: what was asked for may still be on its way.
    one.heard_ms = now_ms;
    one.asked_to = one.have + piece_bytes_max;
    doors_.ask({one.nodes.front(), hash, one.have, piece_bytes_max});
  }
  start_some(now_ms);
}

}  // namespace artel::work
