#include "actors/journal/output_keeper.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"

namespace artel::journal {
namespace {

struct descriptor {
  int number;
  explicit descriptor(int n) : number(n) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

std::filesystem::path output_store::path_of(const run_id& run, instance_no instance,
                                            attempt_no attempt) const {
  return folder_ / to_text(run) /
         (std::to_string(instance) + "." + std::to_string(attempt) + ".log");
}

outcome<done> output_store::write(const step_output& what) {
  const auto path = path_of(what.run, what.instance, what.attempt);
  std::error_code problem;
  std::filesystem::create_directories(path.parent_path(), problem);
  const descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
  struct stat info {};
  if (file.number < 0 || ::fstat(file.number, &info) != 0)
    return trouble{trouble_code::io_error, path.string() + ": " + std::strerror(errno)};
  const auto size = static_cast<std::uint64_t>(info.st_size);
  std::string_view data = what.data.data;
  if (what.offset < size) {  // a frame that came again, in whole or in part
    if (what.offset + data.size() <= size) return done{};
    data.remove_prefix(size - what.offset);
  }
  // Bytes that were dropped on the way leave a hole; pwrite keeps later offsets right and reading
  // shows the hole.
  const auto at = std::max(size, what.offset);
  const auto written = ::pwrite(file.number, data.data(), data.size(), static_cast<off_t>(at));
  if (written != static_cast<ssize_t>(data.size()))
    return trouble{trouble_code::io_error,
                   path.string() + ": " + (written < 0 ? std::strerror(errno) : "no space left")};
  return done{};
}

log_read output_store::read(const attempt_ref& ref, std::uint64_t offset, bool ended) const {
  log_read answer{ref.attempt, offset, ended, {}};
  const descriptor file(
      ::open(path_of(ref.run, ref.instance, ref.attempt).c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number < 0) return answer;
  answer.data.data.resize(log_read_bytes_max);
  const auto got =
      ::pread(file.number, answer.data.data.data(), log_read_bytes_max, static_cast<off_t>(offset));
  answer.data.data.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  answer.next_offset = offset + answer.data.data.size();
  answer.ended = ended && answer.data.data.size() < log_read_bytes_max;
  return answer;
}

output_keeper::output_keeper(caf::actor_config& config, output_options what)
    : caf::event_based_actor(config), options_(std::move(what)), store_(options_.folder) {}

caf::behavior output_keeper::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](const node_output& said) {
        if (auto good = store_.write(said.what); !good && !complained_) {
          complained_ = true;
          logging::note(events::output_not_kept,
                        {{"node", said.name}, {"reason", good.error().text}});
        }
        // Output is no fact: it is acknowledged even when it could not be kept, so that reports
        // behind it get through.
        if (const auto bridge = options_.names->find(names::bridge))
          anon_send(bridge, settle_frame{said.name, said.session, said.sequence});
      },
      [this](const read_output& ask) {
        return coordinator_answer{store_.read(ask.ref, ask.offset, ask.ended)};
      },
  };
}

}  // namespace artel::journal
