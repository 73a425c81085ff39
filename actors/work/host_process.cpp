#include "actors/work/host_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>

#include <csignal>
#include <cstring>

namespace artel::work {
namespace {
constexpr int control_in_host = 3;
}

outcome<std::unique_ptr<host_process>> start_host(const std::string& program,
                                                  std::vector<std::string> environment,
                                                  std::unique_ptr<control_group> group, int slot,
                                                  const std::string& attempts) {
  int control[2], output[2];
  const auto io = [](const char* what) {
    return trouble{trouble_code::io_error, std::string(what) + ": " + std::strerror(errno)};
  };
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) != 0) return io("socketpair");
  auto host = std::make_unique<host_process>();
  host->control = descriptor(control[0]);
  const descriptor theirs(control[1]);
  if (::pipe2(output, O_CLOEXEC) != 0) return io("pipe");
  host->output = descriptor(output[0]);
  const descriptor written(output[1]);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, written.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, written.get(), 2);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), control_in_host);
  posix_spawn_file_actions_addclosefrom_np(&actions, control_in_host + 1);
  // A session of its own: Ctrl-C at the node's terminal is for the node, which stops its hosts in
  // good order.
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  // Where the kernel keeps the share of the cores, nothing is bound to any.
  const int binds = group != nullptr && group->keeps_cpu() ? -1 : slot;
  std::string words[] = {program,  "--control",           std::to_string(control_in_host),
                         "--slot", std::to_string(binds), "--attempts",
                         attempts};
  std::vector<char*> argv;
  for (auto& each : words) argv.push_back(each.data());
  argv.push_back(nullptr);
  std::vector<char*> env;
  for (auto& each : environment) env.push_back(each.data());
  env.push_back(nullptr);
  const int result =
      ::posix_spawn(&host->pid, program.c_str(), &actions, &attributes, argv.data(), env.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (result != 0)
    return trouble{trouble_code::io_error, "the step host '" + program +
                                               "' could not be started: " + std::strerror(result)};
  host->exited = open_pidfd(host->pid);
  host->slot = slot;
  // Before it gets its first order, so nothing that it starts is outside.
  if (group != nullptr && group->add(host->pid)) host->group = std::move(group);
  ::fcntl(host->control.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(host->output.get(), F_SETFL, O_NONBLOCK);
  return host;
}

}  // namespace artel::work
