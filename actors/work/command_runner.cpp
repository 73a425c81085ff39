#include "actors/work/command_runner.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>

extern char** environ;  // NOLINT

namespace artel::work {
namespace {

struct identity {
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;
};

/// Everything that the child needs, made before it is there: in it, only system calls are safe.
struct launch {
  std::string program;  ///< a path
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::vector<char*> argv_pointers;
  std::vector<char*> env_pointers;
  std::string cwd;
  std::vector<std::pair<int, rlim_t>> limits;
  bool bound = false;
  cpu_set_t cores{};  ///< when bound
  bool changes_user = false;
  identity as;
  pid_t parent = 0;
  int failed_stage = 0;  ///< set by the child, whose memory is ours until it executes the program
  int failed_errno = 0;
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

/// As a shell would find it, with the PATH that the command will have.
outcome<std::string> find_program(const std::string& name, const std::vector<std::string>& env) {
  const trouble missing = bad_input(
      "program '" + name + "' was not found on this node; install it or give its full path");
  if (name.empty()) return missing;
  if (name.find('/') != std::string::npos) return name;
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  for (const auto& each : env)
    if (each.starts_with("PATH=")) path = each.substr(5);
  bool there = false;
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find(':', at), path.size());
    const auto candidate = path.substr(at, end - at) + "/" + name;
    std::error_code problem;
    const bool file = std::filesystem::is_regular_file(candidate, problem);
    if (file && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    there = there || file;
    at = end + 1;
  }
  if (!there) return missing;
  return bad_input("program '" + name + "' may not be executed; check its permissions");
}

outcome<identity> find_user(const std::string& name, std::map<std::string, std::string>& env) {
  const auto* entry = ::getpwnam(name.c_str());
  if (entry == nullptr)
    return bad_input("user '" + name + "' does not exist on this node; make it there first");
  if (::geteuid() != 0 && entry->pw_uid != ::geteuid())
    return bad_input("user '" + name +
                     "': only a node that runs as root can run steps as another user");
  identity found{entry->pw_uid, entry->pw_gid, {}};
  int count = 256;
  found.groups.resize(static_cast<std::size_t>(count));
  ::getgrouplist(name.c_str(), found.group, found.groups.data(), &count);
  found.groups.resize(static_cast<std::size_t>(std::clamp(count, 0, 256)));
  env.try_emplace("HOME", entry->pw_dir);
  env.try_emplace("USER", name);
  env.try_emplace("LOGNAME", name);
  return found;
}

std::vector<std::pair<int, rlim_t>> kernel_limits(const attempt_limits& what, bool as_root) {
  std::vector<std::pair<int, rlim_t>> all{{RLIMIT_CORE, 0}};
  if (what.cpu_time_ms != 0) all.emplace_back(RLIMIT_CPU, (what.cpu_time_ms + 999) / 1000);
  if (what.file_bytes != 0) all.emplace_back(RLIMIT_FSIZE, what.file_bytes);
  if (what.open_files != 0) all.emplace_back(RLIMIT_NOFILE, what.open_files);
  // Counted by the kernel over all processes of the user, and not for root: the worker counts the
  // attempt's own. As a second line, a user who can not fork at all forks no bomb.
  if (what.processes != 0 && !as_root) all.emplace_back(RLIMIT_NPROC, what.processes + 512);
  return all;
}

/// Some of the cores that this process may use, others than its neighbours' as far as they go
/// round.
void bind_to_cores(launch& made, std::uint32_t cpu_milli, int slot) {
  cpu_set_t allowed{};
  if (cpu_milli == 0 || slot < 0 || ::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  std::vector<int> all;
  for (int i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &allowed)) all.push_back(i);
  const std::size_t count = (cpu_milli + 999) / 1000;
  if (count >= all.size()) return;
  made.bound = true;
  const auto from = static_cast<std::size_t>(slot) * count;
  for (std::size_t i = 0; i < count; ++i) CPU_SET(all[(from + i) % all.size()], &made.cores);
}

/// glibc's own would have all threads of this memory take the user on: those of the step host.
bool take_user(const identity& as) {
  return ::syscall(SYS_setgroups, as.groups.size(), as.groups.data()) == 0 &&
         ::syscall(SYS_setgid, as.group) == 0 && ::syscall(SYS_setuid, as.user) == 0;
}

/// In the child, which runs on a stack of its own in our memory while we stand still. Only system
/// calls; the first that fails is told by number and errno.
int become(void* whom) {
  auto& what = *static_cast<launch*>(whom);
  const auto fail = [&what](int stage) {
    what.failed_errno = errno;
    what.failed_stage = stage;
    ::_exit(127);
  };
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setsid();
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing != 0) ::dup2(nothing, 0);
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
  for (const auto& [which, value] : what.limits) {
    // At its soft limit of CPU time a process gets SIGXCPU, which tells; at the hard one SIGKILL.
    const rlimit limit{value, which == RLIMIT_CPU ? value + 5 : value};
    if (::setrlimit(static_cast<__rlimit_resource_t>(which), &limit) != 0) fail(1);
  }
  if (what.bound && ::sched_setaffinity(0, sizeof what.cores, &what.cores) != 0) fail(1);
  // /dev/stdout and /dev/stderr are opened anew by path: the pipe has to be the user's.
  if (what.changes_user && (::fchown(1, what.as.user, what.as.group) != 0 || !take_user(what.as)))
    fail(2);
  if (!what.cwd.empty() && ::chdir(what.cwd.c_str()) != 0) fail(3);
  // After the change of user, which would undo it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != what.parent) ::_exit(127);
  ::execve(what.program.c_str(), what.argv_pointers.data(), what.env_pointers.data());
  fail(4);
  return 127;
}

/// Copying the page tables of a step host costs more than starting a program does: the child has
/// our memory instead, and we go on when it has executed the program or ended.
pid_t start_in_our_memory(launch& what) {
  constexpr std::size_t stack_bytes = 64U << 10;
  const auto stack = std::make_unique<std::byte[]>(stack_bytes);
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours may run in the child
  const pid_t pid =
      ::clone(become, stack.get() + stack_bytes, CLONE_VM | CLONE_VFORK | SIGCHLD, &what);
  const int problem = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = problem;
  return pid;
}

trouble explain(const command_spec& what, int stage, int problem) {
  const auto why = std::string(std::strerror(problem));
  switch (stage) {
    case 1:
      return {trouble_code::io_error, "the step's limits could not be set: " + why +
                                          "; they may be above those of the node itself"};
    case 2:
      return {trouble_code::io_error, "user '" + what.user + "' could not be taken: " + why};
    case 3:
      return bad_input("cwd '" + what.cwd + "' can not be entered: " + why);
    default:
      break;
  }
  if (problem == ENOENT)
    return bad_input("program '" + what.argv[0] +
                     "' was not found on this node; install it or give its full path");
  if (problem == EACCES)
    return bad_input("program '" + what.argv[0] + "' may not be executed; check its permissions");
  return {trouble_code::io_error, "program '" + what.argv[0] + "' could not be started: " + why};
}

/// Not through a link: the folder lies where the user may write.
outcome<done> give_to(const std::string& folder, const identity& whom, const std::string& name) {
  const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (opened && ::fchown(opened.get(), whom.user, whom.group) == 0) return done{};
  return trouble{trouble_code::io_error,
                 folder + ": can not be given to user '" + name + "': " + std::strerror(errno)};
}

outcome<launch> prepare(const command_spec& what) {
  launch made;
  std::error_code problem;
  if (!what.cwd.empty() && !std::filesystem::is_directory(what.cwd, problem))
    return bad_input("cwd '" + what.cwd + "' is not a folder on this node");
  auto env = what.env;
  if (!what.user.empty()) {
    auto found = find_user(what.user, env);
    if (!found) return found.error();
    made.as = *std::move(found);
    made.changes_user = ::geteuid() == 0;
    for (const auto& folder : what.owned)
      if (made.changes_user)
        if (auto given = give_to(folder, made.as, what.user); !given) return given.error();
  }
  made.argv = what.argv;
  made.env = environment_with(env);
  auto program = find_program(what.argv[0], made.env);
  if (!program) return program.error();
  made.program = *std::move(program);
  made.cwd = what.cwd;
  made.limits =
      kernel_limits(what.limits, made.changes_user ? made.as.user == 0 : ::geteuid() == 0);
  bind_to_cores(made, what.limits.cpu_milli, what.slot);
  made.parent = ::getpid();
  return made;
}

}  // namespace

outcome<running_command> start_command(const command_spec& what) {
  auto made = prepare(what);
  if (!made) return made.error();
  made->argv_pointers = pointers(made->argv);
  made->env_pointers = pointers(made->env);
  running_command running;
  running.pid = start_in_our_memory(*made);
  const int problem = errno;
  // With another user the kernel has made our memory, which was its, one that nobody may look into.
  if (made->changes_user) ::prctl(PR_SET_DUMPABLE, 1);
  if (running.pid < 0)
    return trouble{trouble_code::io_error, "program '" + what.argv[0] +
                                               "' could not be started: " + std::strerror(problem)};
  if (made->failed_stage != 0) {
    ::waitpid(running.pid, nullptr, 0);
    return explain(what, made->failed_stage, made->failed_errno);
  }
  return running;
}

std::string describe_status(int status) {
  if (WIFEXITED(status))
    return WEXITSTATUS(status) == 0 ? "" : "exit code " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  return "killed by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
}

}  // namespace artel::work
