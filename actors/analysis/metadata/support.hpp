// What a configuration has from a vendor and whether it may be changed: ParentConfigurations.bin,
// which despite its name is one flat list in braces:
//
//   {6, G, K, block, 0,0, block …}      G 1: nothing may be changed; K blocks, one of each vendor
//   block: guid, x, guid, "version", "vendor", "name", count, then count times f1, f2, uuid, uuid
//
// f1 is the rule for the object with the first uuid: 0 locked, 1 editable, 2 taken off support.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/model.hpp"

namespace artel::analysis {

struct support_state {
  std::vector<vendor_configuration> vendors;
  /// "locked", "editable" or "removed"; "" for an object that no vendor knows.
  std::string of(const std::string& uuid) const;

  bool locked_as_a_whole = false;
  std::unordered_map<std::string, std::uint8_t>
      rules;  ///< by uuid; of several vendors the strictest
};

inline constexpr std::uintmax_t support_bytes_max = 256U << 20U;

/// Empty when there is no such file; trouble when it can not be understood.
outcome<support_state> read_support(const configuration_place& place);
outcome<support_state> parse_support(std::string_view text);

}  // namespace artel::analysis
