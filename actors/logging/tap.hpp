// What is noted, kept for whoever passes it on.
#pragma once

#include "actors/logging/log.hpp"

namespace artel::logging {

void name_tap(const std::string& node);
bool tap_is_open();
void tap(const event& what, std::initializer_list<field> fields);

}  // namespace artel::logging
