#include "actors/analysis/text/json_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <utility>

#include "actors/analysis/text/files.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t buffer_bytes = 1U << 18U;

// 0 plain, 1 escape, 2 begins a character of several bytes
struct byte_classes {
  unsigned char of[256] = {};
  constexpr byte_classes() {
    for (int i = 0; i < 0x20; ++i) of[i] = 1;
    of[static_cast<int>('"')] = of[static_cast<int>('\\')] = of[0x7F] = 1;
    for (int i = 0x80; i < 0x100; ++i) of[i] = 2;
  }
};
constexpr byte_classes classes;

void append_escape(std::string& to, char byte) {
  switch (byte) {
    case '"':
      to += "\\\"";
      return;
    case '\\':
      to += "\\\\";
      return;
    case '\n':
      to += "\\n";
      return;
    case '\r':
      to += "\\r";
      return;
    case '\t':
      to += "\\t";
      return;
    default: {
      char text[8];
      std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned char>(byte));
      to += text;
    }
  }
}

}  // namespace

void append_json_text(std::string& to, std::string_view text) {
  to += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto what = classes.of[static_cast<unsigned char>(text[at])];
    if (what == 0) {
      ++at;
      continue;
    }
    if (what == 2) {
      const auto point = decode(text, at);
      if (point.size > 1) {
        at += point.size;
        continue;
      }
      to.append(text, plain, at - plain);
      to += "\xEF\xBF\xBD";
    } else {
      to.append(text, plain, at - plain);
      append_escape(to, text[at]);
    }
    plain = ++at;
  }
  to.append(text, plain);
  to += '"';
}

file_sink::file_sink(const std::filesystem::path& file) : file_(file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  const auto unfinished = file_.string() + ".part";
  descriptor_ = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) problem_ = std::strerror(errno);
  buffer_.reserve(buffer_bytes + (buffer_bytes >> 1U));
}

file_sink::~file_sink() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void file_sink::put(std::string_view bytes) {
  buffer_ += bytes;
  flush_if_full();
}

void file_sink::flush_if_full() {
  if (buffer_.size() >= buffer_bytes) flush();
}

void file_sink::flush() {
  std::string_view rest = buffer_;
  while (problem_.empty() && !rest.empty()) {
    const auto put = ::write(descriptor_, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0)
      problem_ = std::strerror(errno);
    else
      rest.remove_prefix(static_cast<std::size_t>(put));
  }
  buffer_.clear();
}

outcome<done> file_sink::close() {
  flush();
  if (descriptor_ >= 0 && ::close(std::exchange(descriptor_, -1)) != 0 && problem_.empty())
    problem_ = std::strerror(errno);
  std::error_code problem;
  if (problem_.empty()) std::filesystem::rename(file_.string() + ".part", file_, problem);
  if (problem) problem_ = problem.message();
  if (problem_.empty()) return done{};
  return trouble{trouble_code::io_error, "can not write " + path_text(file_) + ": " + problem_ +
                                             "; free space or choose another output folder"};
}

void json_writer::new_line() {
  if (!indented_) return;
  auto& to = sink_.buffer();
  to += '\n';
  to.append(levels_.size() * 2, ' ');
}

void json_writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  if (!levels_.back().empty) sink_.buffer() += ',';
  levels_.back().empty = false;
  new_line();
}

json_writer& json_writer::key(std::string_view name) {
  before_value();
  append_json_text(sink_.buffer(), name);
  sink_.buffer() += indented_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

void json_writer::open(char bracket) {
  before_value();
  sink_.buffer() += bracket;
  levels_.push_back({bracket == '{' ? '}' : ']'});
}

void json_writer::end() {
  const auto closed = levels_.back();
  levels_.pop_back();
  if (!closed.empty) new_line();
  sink_.buffer() += closed.closes;
  sink_.flush_if_full();
}

void json_writer::text(std::string_view value) {
  before_value();
  append_json_text(sink_.buffer(), value);
  sink_.flush_if_full();
}

void json_writer::number(std::int64_t value) {
  before_value();
  sink_.buffer() += std::to_string(value);
}

void json_writer::number(std::uint64_t value) {
  before_value();
  sink_.buffer() += std::to_string(value);
}

void json_writer::real(double value) {
  before_value();
  if (!std::isfinite(value)) value = 0;
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", value);
  sink_.buffer() += text;
}

void json_writer::boolean(bool value) {
  before_value();
  sink_.buffer() += value ? "true" : "false";
}

void json_writer::null() {
  before_value();
  sink_.buffer() += "null";
}

}  // namespace artel::analysis
