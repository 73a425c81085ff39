// What people who look around ask, on the page or with a program of their own: runs by page and by
// what is in them, pipelines with their forms, and what has changed since they looked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/admin.hpp"

namespace artel {

constexpr std::uint32_t runs_found_max = 1'000;
constexpr std::uint32_t recent_runs_max = 20;  ///< told of each pipeline

/// Runs, newest first, in pages. Filters that are empty do not filter. → runs_found
struct find_runs {
  std::uint32_t limit = 50;
  std::string before;  ///< id of the last run of the page before; empty: the newest
  std::string pipeline;
  std::vector<std::string> states;  ///< words of run_state
  std::string text;  ///< the beginning of an id, or in a name, parameter, reason or error
  ARTEL_FIELDS(find_runs, limit, before, pipeline, states, text);
};
struct runs_found {
  std::vector<run_summary> runs;
  std::string next;  ///< `before` of the next page; empty: there is none
  ARTEL_FIELDS(runs_found, runs, next);
};

/// → pipelines_listed: those in files of the supervisor node, and those that runs are of.
struct list_pipelines {
  std::uint32_t recent = 10;  ///< so many of the last runs of each
  ARTEL_FIELDS(list_pipelines, recent);
};
struct pipeline_view {
  std::string name;
  std::string description;
  std::string file;  ///< empty: in no file of the supervisor node
  std::vector<std::string> schedules;
  std::int64_t next_ms = 0;         ///< the next planned time of its schedules; 0: none
  std::uint32_t active = 0;         ///< runs that have not ended
  std::string paused;               ///< who did, and why; empty: it is not
  std::vector<run_summary> recent;  ///< newest first
  ARTEL_FIELDS(pipeline_view, name, description, file, schedules, next_ms, active, paused, recent);
};
struct pipelines_listed {
  std::vector<pipeline_view> pipelines;
  ARTEL_FIELDS(pipelines_listed, pipelines);
};

/// The text of a pipeline and what a form for it needs. → pipeline_shown
struct show_pipeline {
  std::string name;
  ARTEL_FIELDS(show_pipeline, name);
};
struct parameter_view {
  std::string name;
  std::string type;  ///< string, path, integer, number, boolean
  bool required = false;
  std::string default_value;
  std::vector<std::string> choices;
  std::string description;
  ARTEL_FIELDS(parameter_view, name, type, required, default_value, choices, description);
};
struct pipeline_shown {
  std::string name;
  std::string description;
  std::string file;
  std::string text;  ///< YAML
  std::vector<parameter_view> params;
  ARTEL_FIELDS(pipeline_shown, name, description, file, text, params);
};

/// Which runs have changed; waits for something. Cheap: from memory. → changes_seen
struct watch_changes {
  std::uint64_t life = 0;   ///< as the answer before had it
  std::uint64_t after = 0;  ///< as `now` of the answer before
  std::uint32_t wait_ms = 0;
  ARTEL_FIELDS(watch_changes, life, after, wait_ms);
};
struct changes_seen {
  std::uint64_t life = 0;
  std::uint64_t now = 0;
  bool all = false;               ///< look at everything anew: another life, or too many changes
  std::vector<std::string> runs;  ///< their ids
  bool cluster = false;           ///< nodes, schedules, pauses, pools
  ARTEL_FIELDS(changes_seen, life, now, all, runs, cluster);
};

}  // namespace artel
