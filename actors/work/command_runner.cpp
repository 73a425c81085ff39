#include "actors/work/command_runner.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <filesystem>

extern char** environ;  // NOLINT

namespace artel::work {
namespace {

/// Everything posix_spawn needs, freed with it.
struct spawn_setup {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  spawn_setup() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  }
  ~spawn_setup() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

std::vector<std::string> environment_with(const std::map<std::string, std::string>& more) {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string entry(*each);
    if (!more.contains(entry.substr(0, entry.find('=')))) all.push_back(entry);
  }
  for (const auto& [name, value] : more) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& each : texts) all.push_back(each.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

outcome<running_command> start_command(const command_spec& what) {
  std::error_code problem;
  if (!what.cwd.empty() && !std::filesystem::is_directory(what.cwd, problem))
    return bad_input("cwd '" + what.cwd + "' is not a folder on this node");
  spawn_setup setup;
  if (!what.cwd.empty()) posix_spawn_file_actions_addchdir_np(&setup.actions, what.cwd.c_str());
  auto argv = what.argv;
  auto env = environment_with(what.env);
  running_command running;
  const int result = ::posix_spawnp(&running.pid, argv[0].c_str(), &setup.actions,
                                    &setup.attributes, pointers(argv).data(), pointers(env).data());
  if (result == ENOENT)
    return bad_input("program '" + argv[0] +
                     "' was not found on this node; install it or give its full path");
  if (result == EACCES)
    return bad_input("program '" + argv[0] + "' may not be executed; check its permissions");
  if (result != 0)
    return trouble{trouble_code::io_error,
                   "program '" + argv[0] + "' could not be started: " + std::strerror(result)};
  running.exited = open_pidfd(running.pid);
  return running;
}

std::string describe_status(int status) {
  if (WIFEXITED(status))
    return WEXITSTATUS(status) == 0 ? "" : "exit code " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  return "killed by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
}

}  // namespace artel::work
