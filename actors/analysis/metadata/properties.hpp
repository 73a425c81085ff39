// Which properties of an object are kept, and what each is when nothing is written. The Designer
// writes every property; EDT leaves out those that have their default, so without this table the
// two layouts would disagree.
#pragma once

#include <span>
#include <string_view>

namespace artel::analysis {

struct property {
  std::string_view name;           ///< as the Designer writes it; EDT begins it with a small letter
  std::string_view default_value;  ///< what EDT means by leaving it out
};

/// Properties of a kind ("Catalog"), in the order of their output.
std::span<const property> properties_of(std::string_view kind);

}  // namespace artel::analysis
