// What is inside literals, as rules ask for it. All take the text between the quotes.
#pragma once

#include <cstdint>
#include <string_view>

namespace artel::analysis {

/// "ru = '…'; en = '…'" with at least one of the two languages.
bool is_translated_text(std::string_view text);
/// Largest n of %n and %(n); %% is a sign of its own.
std::uint32_t highest_placeholder(std::string_view text);
/// First key of a format string that the platform does not know; empty when all are known.
std::string_view unknown_format_key(std::string_view text);
/// C:\…, \\server\…, /home/…
bool is_file_path(std::string_view text);
/// An IPv4 address, or empty; the machine itself and masks are none.
std::string_view network_address(std::string_view text);
/// The name of a variable or key says that its value is secret.
bool names_a_secret(std::string_view name);
/// A value that is no mask, no name of a setting and no text for people.
bool looks_secret(std::string_view text);

}  // namespace artel::analysis
