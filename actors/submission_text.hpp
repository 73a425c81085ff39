// A submission as the journal keeps it, and as earlier releases kept it.
#pragma once

#include "actors/core/run.hpp"
#include "messages/wire/packing.hpp"

namespace artel {

/// Of journals before retries.
struct submission_without_origin {
  run_id run;
  std::string name;
  std::uint32_t instances = 0;
  std::string pipeline;
  std::string file;
  std::map<std::string, std::string> params;
  std::string by;
  ARTEL_FIELDS(submission_without_origin, run, name, instances, pipeline, file, params, by);
};

inline outcome<core::submission> read_submission(std::string_view packed) {
  auto said = wire::unpack<core::submission>(packed);
  if (said) return said;
  auto old = wire::unpack<submission_without_origin>(packed);
  if (!old) return said;
  return core::submission{old->run,
                          std::move(old->name),
                          old->instances,
                          std::move(old->pipeline),
                          std::move(old->file),
                          std::move(old->params),
                          std::move(old->by),
                          {}};
}

}  // namespace artel
