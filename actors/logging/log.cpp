#include "actors/logging/log.hpp"

#include <spdlog/details/file_helper.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>

#include "actors/logging/events.hpp"
#include "actors/logging/render.hpp"
#include "actors/logging/tap.hpp"
#include "messages/spelling.hpp"

namespace artel::logging {
namespace {

/// Wanted from this level on, by room; read on every line, written seldom.
struct room_levels {
  room_levels() {
    for (auto& each : of) each = level::info;
  }
  std::array<std::atomic<level>, std::size(room_names)> of;
};
room_levels thresholds;
render::line_writer writer;  // set once, before threads are started

/// A file that can be opened anew while others write to it.
class own_file_sink : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit own_file_sink(const std::string& file) { file_.open(file); }
  void open(const std::string& file) {
    const std::lock_guard<std::mutex> locked(mutex_);
    file_.open(file);
  }

protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    spdlog::memory_buf_t formatted;
    formatter_->format(line, formatted);
    file_.write(formatted);
  }
  void flush_() override { file_.flush(); }

private:
  spdlog::details::file_helper file_;
};

struct {
  std::mutex mutex;
  std::string levels;
  std::string file;
  std::shared_ptr<own_file_sink> own;  ///< none: stderr, or a file that is begun anew by size
} configured;

std::size_t room_of(std::string_view name) {
  return static_cast<std::size_t>(std::find(std::begin(room_names), std::end(room_names), name) -
                                  std::begin(room_names));
}

outcome<level> level_from(const std::string& word) {
  const auto found = std::find(std::begin(log_level_names), std::end(log_level_names), word);
  if (found == std::end(log_level_names))
    return bad_input("log level '" + word +
                     "': expected debug, info, warn, error, critical or off" +
                     did_you_mean(word, log_level_names));
  return static_cast<level>(found - std::begin(log_level_names));
}

spdlog::level::level_enum spdlog_level(level how) {
  constexpr spdlog::level::level_enum all[] = {spdlog::level::debug,    spdlog::level::info,
                                               spdlog::level::warn,     spdlog::level::err,
                                               spdlog::level::critical, spdlog::level::off};
  return all[static_cast<std::size_t>(how)];
}

/// Our word for the level, as the options and the other formats have it; spdlog says "warning".
class level_word : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& line, const std::tm&,
              spdlog::memory_buf_t& into) override {
    const auto number = static_cast<std::size_t>(line.level) - spdlog::level::debug;
    const auto word = log_level_names[std::min(number, std::size(log_level_names) - 1)];
    into.append(word.data(), word.data() + word.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return spdlog::details::make_unique<level_word>();
  }
};

/// stderr is the journal's, which adds time, host and unit by itself and understands "<4>".
bool writes_to_journald() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat about {};
  return stream != nullptr && ::fstat(STDERR_FILENO, &about) == 0 &&
         stream == std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
}

}  // namespace

namespace {

bool is_shown(const event& what) {
  const auto room = room_of(what.room);
  return room < thresholds.of.size() &&
         what.how >= thresholds.of[room].load(std::memory_order_relaxed);
}
bool is_tapped(const event& what) { return what.how >= level::info && tap_is_open(); }

}  // namespace

bool wanted(const event& what) { return is_tapped(what) || is_shown(what); }

void note(const event& what, std::initializer_list<field> fields) {
  const bool shown = is_shown(what);
  if (shown)
    spdlog::default_logger_raw()->log(spdlog_level(what.how),
                                      writer ? writer(what, fields) : text_line(what, fields));
  if (is_tapped(what) || (shown && tap_is_open())) tap(what, fields);
}

std::string levels_now() {
  const std::lock_guard<std::mutex> locked(configured.mutex);
  return configured.levels;
}

namespace {

outcome<std::array<level, std::size(room_names)>> read_levels(const std::string& levels) {
  std::array<level, std::size(room_names)> made;
  made.fill(level::info);
  std::string rest = levels;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto part = rest.substr(0, comma);
    rest.erase(0, comma + 1);
    const auto equals = part.find('=');
    const auto how = level_from(equals == part.npos ? part : part.substr(equals + 1));
    if (!how) return how.error();
    if (equals == part.npos) {
      made.fill(*how);
      continue;
    }
    const auto room = room_of(part.substr(0, equals));
    if (room == made.size())
      return bad_input("log level of '" + part.substr(0, equals) + "': no such room" +
                       did_you_mean(part.substr(0, equals), room_names) +
                       "; docs/LOGS.md lists them");
    made[room] = *how;
  }
  return made;
}

}  // namespace

outcome<done> check(const options& how) {
  if (const auto levels = read_levels(how.levels); !levels) return levels.error();
  const auto writer_good = render::writer_for(how.format, "", false);
  return writer_good ? outcome<done>(done{}) : outcome<done>(writer_good.error());
}

outcome<done> set_levels(const std::string& levels) {
  const auto read = read_levels(levels);
  if (!read) return read.error();
  const auto& made = *read;
  for (std::size_t i = 0; i < made.size(); ++i) thresholds.of[i] = made[i];
  const std::lock_guard<std::mutex> locked(configured.mutex);
  configured.levels = levels;
  return done{};
}

outcome<done> open_anew() {
  const std::lock_guard<std::mutex> locked(configured.mutex);
  if (!configured.own) return done{};
  try {
    configured.own->open(configured.file);
    return done{};
  } catch (const spdlog::spdlog_ex& e) {
    return trouble{trouble_code::io_error, "log file '" + configured.file + "': " + e.what()};
  }
}

outcome<done> start(const std::string& node, const options& how) {
  if (auto good = set_levels(how.levels); !good) return good;
  name_tap(node);
  const bool journald = how.file.empty() && writes_to_journald();
  auto made = render::writer_for(how.format, node, journald);
  if (!made) return made.error();
  try {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (how.file.empty())
      sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    else if (how.file_bytes == 0)
      sink = configured.own = std::make_shared<own_file_sink>(configured.file = how.file);
    else
      sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(how.file, how.file_bytes,
                                                                    how.files_kept);
    auto logger = std::make_shared<spdlog::logger>(node, std::move(sink));
    logger->set_level(spdlog::level::debug);
    auto pattern = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    pattern->add_flag<level_word>('*');
    pattern->set_pattern(!*made ? "%Y-%m-%dT%H:%M:%S.%eZ %^%*%$ %n %v" : "%v");
    logger->set_formatter(std::move(pattern));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
  } catch (const spdlog::spdlog_ex& e) {
    return trouble{trouble_code::io_error, "log file '" + how.file + "': " + e.what()};
  }
  writer = *std::move(made);
  return done{};
}

}  // namespace artel::logging
