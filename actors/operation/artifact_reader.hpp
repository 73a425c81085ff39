// The artifact reader: brings bytes of artifacts from worker nodes to people who look at them, a
// piece at a time. Keeps nothing but the lists of some folders.
#pragma once

#include <caf/event_based_actor.hpp>
#include <functional>
#include <list>
#include <memory>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/timer.hpp"
#include "messages/folder_list.hpp"

namespace artel::operation {

constexpr std::size_t shown_list_bytes_max = 16U << 20;  ///< a longer list of files is not shown

class artifact_reader : public caf::event_based_actor {
public:
  artifact_reader(caf::actor_config& config, directory_ptr names);
  caf::behavior make_behavior() override;
  /// Promises that nobody has answered hold this actor: they go first.
  void on_exit() override { transfers_.clear(); }
  const char* name() const override { return "artifact_reader"; }

private:
  struct bytes_come {
    std::string data;
    std::uint64_t blob_size;
    std::vector<std::string> others;  ///< that have not been asked
  };
  using take_bytes = std::function<void(outcome<bytes_come>)>;
  /// Bytes of a blob that are under way.
  struct transfer {
    std::string hash;
    std::uint64_t offset, until;
    std::vector<std::string> nodes;  ///< that may have it; the first is asked
    take_bytes then;
    std::string data = {};
    std::uint64_t asked_to = 0;
    std::chrono::steady_clock::time_point again_at = {};
    unsigned silences = 0;  ///< of the first node
  };
  using file_list = std::shared_ptr<const std::vector<folder_entry>>;

  caf::response_promise fetch(fetch_artifact& ask);
  void bring(transfer one);
  void ask(transfer& one);
  void on_piece(const blob_piece& piece);
  void on_tick();
  /// Asks the next node, if there is one; else tells why there are no bytes. Takes `one` out.
  void next_node(std::list<transfer>::iterator one, const std::string& problem, bool gone);
  void with_list(const artifact_view& which, std::function<void(outcome<file_list>)> then);
  void tell_file(const read_artifact& what, const artifact_view& which, const std::string& hash,
                 std::uint64_t size, caf::response_promise asker);

  directory_ptr names_;
  std::list<transfer> transfers_;
  timer timer_{*this};
  std::list<std::pair<std::string, file_list>> lists_;  ///< of folders, by hash; newest first
};

}  // namespace artel::operation
