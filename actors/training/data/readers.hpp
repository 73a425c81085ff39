// What the readers of records share; only the data room includes this.
#pragma once

#include <unordered_map>

#include "actors/training/data/records.hpp"

namespace artel::training {

std::unique_ptr<record_reader> open_delimited(const std::string& path, const record_format& how);
std::unique_ptr<record_reader> open_json_lines(const std::string& path);
std::unique_ptr<record_reader> open_libsvm(const std::string& path);

void check_utf8(const byte_source& in, std::uint64_t line, std::string_view text,
                const std::string& column);
void check_new_name(const byte_source& in, std::uint64_t line,
                    const std::vector<std::string>& names, const std::string& name);
/// The next line that has anything, without its break; false at the end. Bounded.
bool read_line(byte_source& in, std::string& into, std::uint64_t& line);

}  // namespace artel::training
