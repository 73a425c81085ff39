// The output keeper: what attempts wrote to stdout and stderr, a file per attempt beside the
// journal. A detached actor, since it does file I/O. Bytes arrive with their offset, so a repeated
// frame is written once; losing this file loses no fact. The bound on an attempt's output is kept
// by the worker.
#pragma once

#include <caf/event_based_actor.hpp>
#include <filesystem>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"

namespace artel::journal {

/// Files under `folder`/<run id>/<instance>.<attempt>.log.
class output_store {
public:
  explicit output_store(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// Appends unless these bytes are there already; bytes that never came are read as NUL.
  outcome<done> write(const step_output& what);
  /// Up to log_read_bytes_max bytes from `offset`.
  log_read read(const attempt_ref& ref, std::uint64_t offset, bool ended) const;

private:
  std::filesystem::path path_of(const run_id& run, instance_no instance, attempt_no attempt) const;
  std::filesystem::path folder_;
};

struct output_options {
  std::filesystem::path folder;
  directory_ptr names;
};

class output_keeper : public caf::event_based_actor {
public:
  output_keeper(caf::actor_config& config, output_options what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "output_keeper"; }

private:
  output_options options_;
  output_store store_;
  bool complained_ = false;
};

}  // namespace artel::journal
