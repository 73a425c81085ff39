// Everybody who takes part: the supervisor node, the worker nodes, the people, and the faults that
// befall them.
#pragma once

#include "tests/simulation/simulation.hpp"
#include "tests/simulation/supervisor_node.hpp"
#include "tests/simulation/worker_node.hpp"

namespace artel::simulation {

class cast {
public:
  cast(std::uint64_t seed, bool with_story);
  void play();
  void play_large(std::uint32_t nodes, std::uint32_t instances);
  story take_story();

private:
  struct person {
    submit_run wants;
    bool accepted = false;
    bool cancels = false;
    std::optional<retry_run> again;  ///< instead: another run is tried again
  };

  void set_up();
  void set_up_large(std::uint32_t nodes, std::uint32_t instances);
  void add_worker(const std::string& name, std::uint32_t slots);
  void fault_of_large();
  void set_up_schedules();
  void meddle_with_schedule();
  /// Ends the schedules, so that there is an end; before that nothing may be due.
  void end_schedules();
  run_id new_id();
  void submit(std::size_t number);
  void cancel(std::size_t number);
  void meddle(std::size_t number);
  void try_again(std::size_t number);
  void fault();
  void fault_of_supervisor(std::uint64_t dice);
  void fault_of_worker(std::uint64_t dice);
  void fault_of_network();
  void fault_of_disk();
  void end_faults();
  void finish();
  std::string random_rule(const std::string& needs);
  std::string random_artifacts(std::int64_t step, const std::string& needs);
  std::string random_instances(const std::string& needs);
  std::string random_pipeline();
  transport::put_result put_to_worker(const std::string& address, const std::string& frame);
  void put_to_supervisor(const std::string& address, const std::string& from, std::string frame);
  worker_node& some_worker() { return *workers_[world_.chance.next() % workers_.size()]; }

  std::uint64_t seed_;
  world world_;
  disk disk_;
  judge judge_;
  network network_;
  shared_files files_;
  std::vector<std::unique_ptr<memory_store>> stores_;
  std::vector<std::int64_t> makers_;  ///< steps of the pipeline in the making that make something
  std::unique_ptr<supervisor_node> supervisor_;
  std::vector<std::unique_ptr<worker_node>> workers_;
  std::map<std::string, worker_node*> by_name_;
  std::vector<person> people_;
  std::uint64_t faults_ = 0;
  bool quiet_ = false;
  bool schedules_ended_ = false;
};

}  // namespace artel::simulation
