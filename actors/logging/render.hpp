// How a line looks: as text, or as one JSON object in one of three dialects.
#pragma once

#include <functional>

#include "actors/logging/log.hpp"

namespace artel::logging::render {

using line_writer = std::function<std::string(const event&, std::initializer_list<field>)>;

/// Empty for plain text, which spdlog's pattern finishes. `format` as in options.
outcome<line_writer> writer_for(const std::string& format, const std::string& node, bool journald);

}  // namespace artel::logging::render
