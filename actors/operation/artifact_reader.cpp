#include "actors/operation/artifact_reader.hpp"

#include <sodium.h>

#include <algorithm>

#include "actors/actor_errors.hpp"

namespace artel::operation {
namespace {

constexpr std::size_t transfers_max = 256;
constexpr std::size_t lists_max = 8;
constexpr auto tick_every = std::chrono::milliseconds(500);
constexpr auto silence_max = std::chrono::seconds(3);
constexpr unsigned silences_max = 2;  ///< of one node; then the next is asked

std::string sha256_of(const std::string& data) {
  unsigned char sum[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(sum, reinterpret_cast<const unsigned char*>(data.data()), data.size());
  char text[2 * sizeof sum + 1];
  return sodium_bin2hex(text, sizeof text, sum, sizeof sum);
}

artifact_read shown(const std::string& hash, const std::vector<folder_entry>& list,
                    std::uint64_t from) {
  artifact_read made;
  made.hash = hash, made.folder = true;
  for (const auto& one : list) {
    if (one.kind == 'd') continue;
    made.size += one.size;
    if (made.in_all++ >= from && made.files.size() < folder_files_max)
      made.files.push_back({one.path, one.size, one.kind == 'x'});
  }
  made.next_offset = std::min(from, made.in_all) + made.files.size();
  return made;
}

}  // namespace

artifact_reader::artifact_reader(caf::actor_config& config, directory_ptr names)
    : caf::event_based_actor(config), names_(std::move(names)) {}

caf::behavior artifact_reader::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](fetch_artifact& ask) { return fetch(ask); },
      [this](const piece_came& said) { on_piece(said.what); },
      [this](timer_due due) {
        if (!timer_.take(due)) return;
        on_tick();
        if (!transfers_.empty()) timer_.within(tick_every);
      },
  };
}

caf::response_promise artifact_reader::fetch(fetch_artifact& ask) {
  auto asker = make_response_promise();
  const auto refuse = [](caf::response_promise to, trouble_code code, const std::string& text) {
    to.deliver(coordinator_answer{refused{code, text}});
  };
  const auto& made = ask.which.what;
  const auto called = "artifact '" + ask.what.name + "' of step '" + ask.what.step + "'";
  if (ask.which.nodes.empty())
    refuse(asker, trouble_code::unavailable, "no node that is there has " + called);
  else if (transfers_.size() >= transfers_max)
    refuse(asker, trouble_code::unavailable, "too many artifacts are being read; ask again");
  else if (!made.folder && !ask.what.path.empty())
    refuse(asker, trouble_code::bad_input,
           called + " is a file; it has no '" + ask.what.path + "'");
  else if (!made.folder)
    tell_file(ask.what, ask.which, made.hash, made.size, asker);
  else
    with_list(ask.which, [this, ask, asker, refuse, called](outcome<file_list> list) mutable {
      if (!list) return refuse(asker, list.error().code, called + ": " + list.error().text);
      if (ask.what.path.empty())
        return asker.deliver(
            coordinator_answer{shown(ask.which.what.hash, **list, ask.what.offset)});
      const auto found = std::find_if((*list)->begin(), (*list)->end(), [&](const auto& one) {
        return one.path == ask.what.path && one.kind != 'd';
      });
      if (found == (*list)->end())
        return refuse(asker, trouble_code::not_found,
                      called + " has no file '" + ask.what.path + "'");
      tell_file(ask.what, ask.which, found->hash, found->size, asker);
    });
  return asker;
}

void artifact_reader::tell_file(const read_artifact& what, const artifact_view& which,
                                const std::string& hash, std::uint64_t size,
                                caf::response_promise asker) {
  artifact_read made;
  made.hash = hash, made.size = size, made.next_offset = what.offset;
  if (what.offset > size)
    return asker.deliver(coordinator_answer{refused{
        trouble_code::bad_input,
        "offset " + std::to_string(what.offset) + " is beyond its end, " + std::to_string(size)}});
  if (what.offset == size) return asker.deliver(coordinator_answer{std::move(made)});
  const auto until =
      what.offset + std::min<std::uint64_t>(artifact_read_bytes_max, size - what.offset);
  bring(
      {hash, what.offset, until, which.nodes,
       [this, what, which = artifact_view(which), made = std::move(made), until,
        asker](outcome<bytes_come> come) mutable {
         if (!come)
           return asker.deliver(coordinator_answer{refused{come.error().code, come.error().text}});
         if (come->blob_size != made.size && !come->others.empty()) {
           which.nodes = std::move(come->others);
           return tell_file(what, which, made.hash, made.size, asker);
         }
         if (come->blob_size != made.size)
           return asker.deliver(coordinator_answer{
               refused{trouble_code::corrupt, "what came is not as long as the artifact"}});
         made.next_offset = until;
         made.data.data = std::move(come->data);
         asker.deliver(coordinator_answer{std::move(made)});
       }});
}

void artifact_reader::with_list(const artifact_view& which,
                                std::function<void(outcome<file_list>)> then) {
  const auto& hash = which.what.hash;
  const auto known = std::find_if(lists_.begin(), lists_.end(),
                                  [&](const auto& one) { return one.first == hash; });
  if (known != lists_.end()) {
    lists_.splice(lists_.begin(), lists_, known);
    return then(lists_.front().second);
  }
  bring({hash, 0, shown_list_bytes_max, which.nodes,
         [this, which = artifact_view(which), hash,
          then = std::move(then)](outcome<bytes_come> come) mutable {
           if (!come) return then(come.error());
           if (come->blob_size > shown_list_bytes_max)
             return then(trouble{trouble_code::unavailable, "it has too many files to be shown"});
           if (sha256_of(come->data) != hash && !come->others.empty()) {
             which.nodes = std::move(come->others);
             return with_list(which, std::move(then));
           }
           if (sha256_of(come->data) != hash)
             return then(trouble{trouble_code::corrupt, "its list of files is not what it was"});
           auto list = read_folder_list(come->data);
           if (!list) return then(list.error());
           lists_.emplace_front(
               hash, std::make_shared<const std::vector<folder_entry>>(*std::move(list)));
           if (lists_.size() > lists_max) lists_.pop_back();
           then(lists_.front().second);
         }});
}

void artifact_reader::bring(transfer one) {
  transfers_.push_back(std::move(one));
  timer_.within(tick_every);
  ask(transfers_.back());
}

void artifact_reader::ask(transfer& one) {
  const auto from = one.offset + one.data.size();
  const auto size = std::min<std::uint64_t>(one.until - from, bytes_asked_max);
  one.asked_to = from + size;
  one.again_at = std::chrono::steady_clock::now() + silence_max;
  if (const auto bridge = names_->find(names::bridge))
    send(bridge, ask_for_blob{{one.nodes.front(), one.hash, from, size}});
}

void artifact_reader::on_piece(const blob_piece& piece) {
  for (auto each = transfers_.begin(); each != transfers_.end();) {
    const auto one = each++;
    if (one->hash != piece.hash || one->nodes.front() != piece.node ||
        piece.offset != one->offset + one->data.size())
      continue;
    if (!piece.problem.empty()) {
      next_node(one, piece.problem, piece.gone);
      continue;
    }
    const auto end = std::min(one->until, piece.size);
    const auto room = end - std::min(end, piece.offset);
    one->data += std::string_view(piece.data.data)
                     .substr(0, std::min<std::uint64_t>(room, piece.data.data.size()));
    if (!piece.data.data.empty()) {  // an empty one is as good as silence
      one->silences = 0;
      one->again_at = std::chrono::steady_clock::now() + silence_max;
    }
    const auto have = one->offset + one->data.size();
    if (have >= end) {
      const auto then = std::move(one->then);
      bytes_come come{std::move(one->data), piece.size, {one->nodes.begin() + 1, one->nodes.end()}};
      transfers_.erase(one);
      then(std::move(come));
    } else if (have >= one->asked_to) {
      ask(*one);
    }
  }
}

void artifact_reader::next_node(std::list<transfer>::iterator one, const std::string& problem,
                                bool gone) {
  one->nodes.erase(one->nodes.begin());
  one->silences = 0;
  if (!one->nodes.empty()) return ask(*one);
  const auto then = std::move(one->then);
  transfers_.erase(one);
  then(gone ? trouble{trouble_code::not_found,
                      problem + "; 'artel retry' makes what was collected anew"}
            : trouble{trouble_code::unavailable, problem});
}

void artifact_reader::on_tick() {
  const auto now = std::chrono::steady_clock::now();
  for (auto each = transfers_.begin(); each != transfers_.end();) {
    const auto one = each++;
    if (now < one->again_at) continue;
    if (++one->silences < silences_max)
      ask(*one);
    else
      next_node(one, "node '" + one->nodes.front() + "' does not answer", false);
  }
}

}  // namespace artel::operation
