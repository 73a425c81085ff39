// Where an attempt's outputs wait and how they get into place. Outputs are published file by file
// with rename, which is atomic for each file, and only when the coordinator has accepted the
// attempt's report: a late or failed attempt never touches what is published. A newer attempt takes
// away what older ones have staged, before it begins and before it publishes.
#pragma once

#include <atomic>
#include <filesystem>

#include "messages/cluster.hpp"
#include "messages/outcome.hpp"

namespace artel::work {

/// <output>/.artel/<run>.<instance>.<attempt>: on the same file system as the output, so that
/// rename works.
std::filesystem::path staging_folder(const std::filesystem::path& output, const attempt_ref& ref);

/// Makes the attempt's staging folder, empty. Trouble names the path and the reason.
outcome<done> make_staging(const std::filesystem::path& output, const attempt_ref& ref);

/// Takes away what earlier attempts of the same instance have staged: what their node left behind
/// when it died, and the fence for one that was only stopped. It publishes by renaming what it
/// staged; once that is gone it can not put anything in place of a newer attempt's output. The
/// folder goes away in one rename, so that a step that still writes there can not hold it back.
/// With trouble the newer attempt must not go on.
outcome<done> fence_earlier(const std::filesystem::path& output, const attempt_ref& ref);

/// A staged folder that holds a file of this name replaces the published folder as a whole: what
/// was there before and has no successor is gone. For results that are many files and mean
/// something only together.
inline constexpr const char* whole_folder_mark = ".artel-whole";

/// Syncs and moves every file below `staging` to the same place below `output`, and every marked
/// folder as a whole, then removes `staging`. Stops between two of them when `stop` becomes true.
outcome<done> publish(const std::filesystem::path& staging, const std::filesystem::path& output,
                      const std::atomic<bool>& stop);

/// Removes what was staged; no trouble when nothing was.
void discard(const std::filesystem::path& staging);

}  // namespace artel::work
