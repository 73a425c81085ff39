// The archive: reads runs that have ended from the journal's file, on a connection of its own, so
// that a search over 100,000 runs keeps nobody's facts from being written. A detached actor.
#pragma once

#include <caf/event_based_actor.hpp>
#include <filesystem>
#include <optional>

#include "actors/interfaces.hpp"
#include "actors/journal/sqlite.hpp"

namespace artel::journal {

class archive : public caf::event_based_actor {
public:
  archive(caf::actor_config& config, std::filesystem::path file);
  caf::behavior make_behavior() override;
  void on_exit() override { database_.reset(); }
  const char* name() const override { return "archive"; }

private:
  template <class Answer, class Read>
  caf::result<Answer> answer(Read&& read);
  runs_found find(const find_runs& what);
  results_found find(const find_results& what);
  std::vector<run_summary> recall(std::uint32_t of_each);
  database& opened();

  std::filesystem::path file_;
  std::optional<database> database_;
};

}  // namespace artel::journal
