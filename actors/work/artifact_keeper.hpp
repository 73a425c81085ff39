// The artifact keeper: makes the folders of attempts, brings what they are to find and puts away
// what they have made. The blob server: sends other nodes what they ask for. Detached actors, since
// they read and write files; two, so that nobody waits for the hashing of a large artifact.
#pragma once

#include <caf/event_based_actor.hpp>
#include <chrono>
#include <map>
#include <memory>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/timer.hpp"
#include "actors/work/blob_fetch.hpp"
#include "actors/work/disk_store.hpp"

namespace artel::work {

struct store_options {
  std::shared_ptr<const store_lane> lane;
  std::string node;
  directory_ptr names;
  std::chrono::seconds unused_for{14 * 24 * 3600};  ///< then a blob is collected
};

class artifact_keeper : public caf::event_based_actor {
public:
  /// Throws std::runtime_error when the store can not be opened.
  artifact_keeper(caf::actor_config& config, store_options what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "artifact_keeper"; }

private:
  template <class Message>
  void tell(const char* who, Message message);
  void prepare(const prepare_attempt& what);
  void brought(const attempt_ref& ref, const std::string& problem,
               const std::vector<gone_blob>& gone);
  void put(const put_artifacts& what);
  void collect();

  store_options options_;
  std::unique_ptr<disk_store> store_;
  blob_fetch fetch_;
  std::map<std::string, std::vector<input_blob>> inputs_;  ///< of attempts that wait for them
  std::chrono::steady_clock::time_point next_collection_{};
  timer timer_{*this};
};

class blob_server : public caf::event_based_actor {
public:
  blob_server(caf::actor_config& config, store_options what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "blob_server"; }

private:
  void answer(const read_blob& what);
  store_options options_;
  std::unique_ptr<disk_store> store_;
};

}  // namespace artel::work
