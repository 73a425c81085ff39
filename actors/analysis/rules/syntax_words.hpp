// The parser's messages in Russian. The parser says what it expected in English, since its messages
// are data for programs as well; people of the field read them in their own language.
#pragma once

#include <string>
#include <string_view>

namespace artel::analysis {

/// A message that is not known comes back as it is.
std::string russian_syntax(std::string_view message);

}  // namespace artel::analysis
