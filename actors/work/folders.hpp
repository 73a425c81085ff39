// Folders opened component by component, following no link. Steps write where outputs are
// published; a node that runs as root must not be led elsewhere by a link that they put there.
#pragma once

#include <filesystem>

#include "actors/work/descriptors.hpp"
#include "messages/outcome.hpp"

namespace artel::work {

/// Opens the folder `relative` below `base`, which itself may be a link; nothing below may. Makes
/// what is missing when asked; trouble `not_found` when it is missing and not to be made, else it
/// names the path.
outcome<descriptor> open_below(const std::filesystem::path& base,
                               const std::filesystem::path& relative, bool make);

}  // namespace artel::work
