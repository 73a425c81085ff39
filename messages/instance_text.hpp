// A plan's texts as one of its instances sees them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/dispatch.hpp"

namespace artel {

/// Fills in the markers (messages/dispatch.hpp). What is filled in is not looked at again, but for
/// the attempt's folder, which may stand in a value; a marker without a value stays.
std::string fill_instance(std::string_view text, std::uint32_t number,
                          const std::vector<std::string>& values, std::string_view folder = {});

}  // namespace artel
