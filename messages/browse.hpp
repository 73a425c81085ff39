// What people who look around ask, on the page or with a program of their own: runs by page and by
// what is in them, pipelines with their forms, and what has changed since they looked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/admin.hpp"
#include "messages/bytes.hpp"

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
  std::vector<std::string> ids;  ///< only these; at most runs_found_max
  ARTEL_FIELDS(find_runs, limit, before, pipeline, states, text, ids);
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

/// What steps have told in their results, newest first. → results_found
struct find_results {
  std::string pipeline;       ///< of its last runs; empty: of all
  std::string text;           ///< the result has it, as `"psi_max"`; empty: any
  std::uint32_t limit = 500;  ///< at most results_found_max
  ARTEL_FIELDS(find_results, pipeline, text, limit);
};
struct result_view {
  run_id run;
  std::string pipeline;
  std::int64_t at_ms = 0;  ///< when the attempt that made it ended
  std::string result;      ///< one JSON object
  ARTEL_FIELDS(result_view, run, pipeline, at_ms, result);
};
struct results_found {
  std::vector<result_view> results;
  ARTEL_FIELDS(results_found, results);
};
constexpr std::uint32_t results_found_max = 5'000;

/// How much the cluster has done of late, as far as the supervisor node remembers: since it
/// started, and at most for history_points_max points. → history_read
struct read_history {
  std::int64_t after_ms = 0;  ///< only points after that time
  ARTEL_FIELDS(read_history, after_ms);
};
/// Counters are of the time since the point before it.
struct history_point {
  std::int64_t at_ms = 0;
  std::uint32_t span_ms = 0;
  std::uint32_t succeeded = 0;  ///< attempts
  std::uint32_t failed = 0;     ///< attempts, also those that crashed or were cancelled
  std::uint32_t running = 0;    ///< attempts, at that time
  std::uint32_t ready = 0;      ///< instances that wait for a node, at that time
  ARTEL_FIELDS(history_point, at_ms, span_ms, succeeded, failed, running, ready);
};
struct history_read {
  std::vector<history_point> points;  ///< oldest first
  ARTEL_FIELDS(history_read, points);
};
constexpr std::size_t history_points_max = 1'440;

/// A piece of what a step has made; of a folder without `path` the list of its files. The bytes
/// come from a worker node that has them. → artifact_read
struct read_artifact {
  std::string run;
  std::string step;          ///< name, or name[instance]
  std::string name;          ///< of the artifact
  std::string path;          ///< of a folder: one of its files
  std::uint64_t offset = 0;  ///< in bytes; of a folder the number of the first file that is listed
  ARTEL_FIELDS(read_artifact, run, step, name, path, offset);
};
struct folder_file {
  std::string path;
  std::uint64_t size = 0;
  bool executable = false;
  ARTEL_FIELDS(folder_file, path, size, executable);
};
struct artifact_read {
  std::string hash;               ///< of the whole file, or of the folder's list
  std::uint64_t size = 0;         ///< of the whole file
  std::uint64_t next_offset = 0;  ///< of the piece after this one; `size` when there is none
  bytes data;
  bool folder = false;
  std::vector<folder_file> files;  ///< of a folder, folder_files_max of them
  std::uint64_t in_all = 0;        ///< files of the folder
  ARTEL_FIELDS(artifact_read, hash, size, next_offset, data, folder, files, in_all);
};
constexpr std::size_t folder_files_max = 10'000;
constexpr std::size_t artifact_read_bytes_max = 512U << 10;

}  // namespace artel
