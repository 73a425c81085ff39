// Brings the blobs that attempts want into this node's store, without a socket, a disk or a clock:
// pieces and times go in, requests come out. Who wants bytes gives the credit: no more than
// bytes_asked_max of a blob is under way, and what does not come is asked for again, from where it
// stopped, also when the store says that an earlier life had begun.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "actors/work/blob_store.hpp"
#include "messages/cluster.hpp"

namespace artel::work {

constexpr std::size_t transfers_at_once_max = 16;

struct fetch_doors {
  std::function<void(read_blob)> ask;  ///< → bridge
  /// All that the attempt wants is here, or `problem` says why it is not.
  std::function<void(const attempt_ref&, const std::string& problem, const std::vector<gone_blob>&)>
      ended;
};

class blob_fetch {
public:
  blob_fetch(blob_store& store, fetch_doors doors) : store_(store), doors_(std::move(doors)) {}

  // Times are monotonic milliseconds.
  void want(const attempt_ref& ref, const std::vector<input_blob>& inputs, std::int64_t now_ms);
  /// The attempt was stopped; what has come stays for later.
  void forget(const attempt_ref& ref);
  void on_piece(const blob_piece& piece, std::int64_t now_ms);
  void tick(std::int64_t now_ms);
  bool idle() const { return transfers_.empty(); }

private:
  struct by_numbers {
    bool operator()(const attempt_ref& a, const attempt_ref& b) const {
      return std::tie(a.run, a.instance, a.attempt) < std::tie(b.run, b.instance, b.attempt);
    }
  };
  struct transfer {
    std::vector<std::string> nodes;  ///< that have not failed us, the one that is asked in front
    bool is_list = false;
    std::uint64_t size = 0;            ///< of a file; that of a list is not known before
    std::set<std::string> inputs;      ///< hashes of the inputs that it is part of
    std::vector<std::string> said_no;  ///< nodes that have it not, as they say or show
    std::uint64_t have = 0;
    std::uint64_t asked_to = 0;
    std::int64_t heard_ms = 0;
    std::uint32_t silences = 0;  ///< in a row
    std::uint32_t spoilt = 0;    ///< came whole and was not what it should be
    bool active = false;
    std::set<attempt_ref, by_numbers> for_whom;
  };
  using transfers = std::map<std::string, transfer>;

  /// A blob that is an input, or part of `input`, which is a folder.
  void need(const attempt_ref& ref, const std::string& hash, std::uint64_t size, bool is_list,
            const std::vector<std::string>& nodes, const std::string& input);
  void need_files_of(const std::string& list, const std::vector<std::string>& nodes,
                     const std::set<attempt_ref, by_numbers>& whom);
  bool fits(const transfer& one, std::uint64_t size) const {
    return one.is_list ? size <= folder_list_bytes_max : size == one.size;
  }
  void start_some(std::int64_t now_ms);
  void ask(const std::string& hash, transfer& one);
  void complete(transfers::iterator which, std::int64_t now_ms);
  void next_node(transfers::iterator which, const std::string& problem, std::int64_t now_ms,
                 bool said_no);
  void give_up(const std::set<attempt_ref, by_numbers>& whom, const std::string& problem,
               const std::vector<gone_blob>& gone = {});
  void end_if_complete(const attempt_ref& ref);

  blob_store& store_;
  fetch_doors doors_;
  transfers transfers_;
  std::deque<std::string> waiting_;  ///< for a place among those at once
  std::size_t active_ = 0;
  std::map<attempt_ref, std::set<std::string>, by_numbers> open_;  ///< what each still waits for
};

}  // namespace artel::work
