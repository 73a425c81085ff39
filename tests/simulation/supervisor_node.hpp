// A supervisor node in the simulated world: the real coordinator core, commit queue, journal file
// and links, with mailboxes, disk time and a restart in between.
#pragma once

#include "actors/coordination/coordinator_core.hpp"
#include "actors/journal/commit_queue.hpp"
#include "actors/transport/cluster_links.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/judge.hpp"
#include "tests/simulation/world.hpp"

namespace artel::simulation {

class supervisor_node {
public:
  /// `put` hands a frame to the network; it says what the socket would.
  supervisor_node(world& where, disk& on, judge& by, transport::cluster_links::put_frame put);

  /// Starts the process, and again a little later when the journal can not be opened.
  void start();
  void kill();
  void lose_power();
  /// The disk will die in the middle of a transaction, and the process with it.
  void kill_at_write(int writes) { disk_.die_after = writes; }
  /// The coordinator actor dies; what is built upon it restarts with it, the journal keeper stays.
  void restart_coordinator();
  void restart_bridge();
  process& life() { return process_; }

  void receive(const std::string& from, const std::string& frame);
  void submit(const submit_run& what, coordination::answer_to to);
  void cancel(const cancel_run& what, coordination::answer_to to);
  void pause(const pause_work& what);
  void mark(const mark_step& what);
  void retry(const retry_run& what, coordination::answer_to to);
  void set_pool(std::uint32_t limit);
  /// Of the pipelines' step s`step`; 0: none.
  void limit(std::int64_t step, std::uint64_t per_hour);
  void start_planned(const artel::start_planned& what);
  /// These are the pipeline files of the node from now on.
  void deploy(pipelines_read files);
  void drain(const std::string& node, bool undo);
  const coordination::coordinator_core* core() const { return core_.get(); }
  const transport::cluster_links* links() const { return links_.get(); }

private:
  void end(bool power);
  void start_coordinator();
  void start_links();
  void recover();
  void commit_later(std::int64_t us);
  void commit();
  void after_event();
  void to_links(to_bridge what);
  transport::cluster_events events();
  template <class Message>
  void to_core(Message message, void (coordination::coordinator_core::*handler)(Message&));
  template <class Message>
  void to_core_const(Message message,
                     void (coordination::coordinator_core::*handler)(const Message&));

  world& world_;
  disk& disk_;
  judge& judge_;
  transport::cluster_links::put_frame put_;
  process process_;
  std::unique_ptr<journal::journal_file> file_;
  std::unique_ptr<journal::commit_queue> queue_;
  std::unique_ptr<coordination::coordinator_core> core_;
  std::unique_ptr<transport::cluster_links> links_;
  std::uint64_t life_no_ = 0;
  std::uint64_t session_ = 0;
  std::uint64_t links_no_ = 0;
  bool recovered_ = false;
  pipelines_read files_;
};

}  // namespace artel::simulation
