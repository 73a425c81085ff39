// The few calls on files that the parts of the store of artifacts share.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "messages/outcome.hpp"

namespace artel::work {

/// What errno says of `shown`; `unavailable` when there is no space left.
trouble file_trouble(const std::string& shown, const std::string& what);
/// Makes the folder with these permissions, whatever the umask; good when it is there already.
outcome<done> make_folder(const std::filesystem::path& path, mode_t mode);
/// Removes a folder with all in it, also what a step has made read-only; follows no link.
void remove_tree(const std::filesystem::path& path);

}  // namespace artel::work
