// Files that steps have made, as they are: to be saved, or shown in a frame where nothing of them
// reaches the page or the cluster.
#pragma once

#include "actors/operation/page/streams.hpp"

namespace artel::operation {

/// /api/v1/runs/RUN/artifacts/STEP/NAME/content[/PATH…][?show=true]
bool is_content(const http_target& target);
/// Null when it is not one.
stream_ptr open_content(const http_target& target, const asking_user& who,
                        const http_reply_ptr& to);

struct content_kind {
  std::string type;    ///< media type
  std::string ending;  ///< of a file's name; empty: none that is known
};
/// By what it begins with: names of artifacts have no endings.
content_kind kind_of_content(std::string_view begin);

}  // namespace artel::operation
