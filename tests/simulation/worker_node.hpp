// A worker node in the simulated world: the real worker core and link, with step hosts whose steps
// take virtual time and end as chance will have it, and a publisher that moves file after file on a
// file system which all nodes share.
#pragma once

#include <set>

#include "actors/transport/node_link.hpp"
#include "actors/work/blob_fetch.hpp"
#include "actors/work/masker.hpp"
#include "actors/work/worker_core.hpp"
#include "tests/simulation/judge.hpp"
#include "tests/simulation/memory_store.hpp"
#include "tests/simulation/world.hpp"

namespace artel::simulation {

/// The outputs on the shared file system.
struct shared_files {
  static constexpr int files_per_output = 3;
  std::set<std::string> staged;  ///< "RUN.INSTANCE.ATTEMPT"
  /// Which attempt each published file is of, by run and instance.
  std::map<std::pair<run_id, instance_no>, std::array<attempt_no, files_per_output>> published;
  static std::string key(const attempt_ref& ref) {
    return to_text(ref.run) + "." + std::to_string(ref.instance) + "." +
           std::to_string(ref.attempt);
  }
};

/// How steps behave, per thousand.
struct step_luck {
  std::uint32_t fails = 100;
  std::uint32_t crashes = 60;
};

class worker_node {
public:
  worker_node(world& where, judge& by, shared_files& files, memory_store& store, std::string name,
              std::uint32_t slots, std::function<void(const std::string& from, std::string)> put);

  void start();
  void kill();
  /// SIGTERM: gives everything back and says goodbye.
  void leave();
  /// An actor of the node dies: all of them restart, the process lives on.
  void restart_actors();
  process& life() { return process_; }
  void receive(const std::string& frame);
  std::string address() const;
  /// False while the node is to stay away.
  bool comes_back = true;
  step_luck luck;
  std::size_t unacknowledged() const { return link_ ? link_->link().sent() : 0; }

private:
  struct job {
    attempt_ref ref;
    std::uint64_t life;
    bool staged;
    bool with_secret;
  };

  void start_actors();
  void start_artifacts();
  void prepare(const prepare_attempt& what);
  void put(const put_artifacts& what);
  void serve(const read_blob& what);
  void check_inputs(const attempt_ref& ref);
  work::worker_doors doors();
  transport::client_events events();
  void introduce();
  void report(std::vector<step_report> reports);
  void begin(const attempt_ref& ref, bool with_output, bool with_secret);
  bool find_secrets(const attempt_ref& ref, const std::map<std::string, std::string>& wanted);
  void speak(const attempt_ref& ref);
  static std::string last_words(const job& of, ending how);
  void end_job(const attempt_ref& ref, ending how);
  void stop_jobs(const std::vector<attempt_ref>& which, const std::string& reason);
  void publish(const publish_output& what);
  void move_files(const attempt_ref& ref, int done);
  void give_back(const std::string& reason);
  bool put(const std::string& frame);
  void watch_sent(const std::string& frame);
  void watch_acknowledged(const std::string& frame);

  world& world_;
  judge& judge_;
  shared_files& files_;
  memory_store& store_;
  std::unique_ptr<work::blob_fetch> fetch_;
  std::map<std::string, std::vector<input_blob>> preparing_;  ///< of attempts here, by key
  std::uint32_t slots_;
  std::function<void(const std::string& from, std::string)> put_;
  process process_;
  session_no session_ = 0;
  std::uint64_t actors_life_ = 0;
  std::unique_ptr<work::worker_core> core_;
  std::unique_ptr<transport::node_link> link_;
  std::map<std::string, job> jobs_;
  std::set<std::string> published_;
  bool stop_publishing_ = false;
  std::uint64_t link_no_ = 0;
  std::map<std::uint64_t, std::vector<step_report>> reports_sent_;  ///< by sequence, of this link
};

}  // namespace artel::simulation
