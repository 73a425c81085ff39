// bench-dispatch: no-op native steps through the whole way — supervisor node, journal, ZeroMQ over
// TCP loopback, worker node, step host and back — each started and finished fact durable before
// anyone is told. Real programs, one machine.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "actors/transport/admin_client.hpp"

extern char** environ;  // NOLINT

namespace {

using namespace artel;
using clock_type = std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr std::uint32_t steps_per_run = 100'000;
constexpr int chain_length = 1'000;

double seconds_since(clock_type::time_point begin) {
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

pid_t start(const std::string& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program);
  arguments.insert(arguments.end(), {"--log-level", "warn"});
  std::vector<char*> argv;
  for (auto& each : arguments) argv.push_back(each.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  if (::posix_spawn(&pid, program.c_str(), nullptr, nullptr, argv.data(), environ) != 0) {
    std::perror(program.c_str());
    std::exit(1);
  }
  return pid;
}

long resident_kb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  return 0;
}

pid_t child_of(pid_t parent) {
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(parent) + "/task")) {
    std::ifstream children(task.path() / "children");
    pid_t pid = 0;
    if (children >> pid) return pid;
  }
  return 0;
}

struct spread {
  double least, median, most;
};
spread spread_of(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return {all.front(), all[all.size() / 2], all.back()};
}

class bench_cluster {
public:
  bench_cluster() {
    std::string name = (std::filesystem::temp_directory_path() / "artel-bench.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::exit(1);
    folder_ = name;
    std::error_code problem;
    const auto programs =
        std::filesystem::read_symlink("/proc/self/exe", problem).parent_path().string();
    const auto cluster = "tcp://127.0.0.1:" + std::to_string(free_port());
    supervisor_ = start(programs + "/artel-supervisor", {"--data", folder_, "--cluster", cluster});
    worker_ = start(programs + "/artel-trainer",
                    {"--cluster", cluster, "--name", "bench", "--slots", "1000", "--hosts", "1"});
    client_.emplace("ipc://" + folder_ + "/admin.sock", std::chrono::seconds(30));
    for (;;) {
      const auto said = client_->ask<pong>(ping{""});
      if (said && said->nodes == 1) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  bench_cluster(const bench_cluster&) = delete;
  bench_cluster& operator=(const bench_cluster&) = delete;
  ~bench_cluster() {
    for (const auto pid : {worker_, supervisor_}) ::kill(pid, SIGTERM), ::waitpid(pid, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }

  /// Seconds from the submission to the run's durable end, as a client sees it.
  double run(const std::string& pipeline, int look_every_us) {
    submit_run request;
    request.run = make_run_id(
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count()),
        chance_(), chance_());
    request.pipeline = pipeline;
    request.file = "bench.yaml";
    request.by = "bench";
    const auto begin = clock_type::now();
    if (const auto accepted = client_->ask<run_accepted>(request); !accepted)
      fail(accepted.error().text);
    for (;;) {
      const auto shown = client_->ask<run_shown>(show_run{to_text(request.run)});
      if (!shown) fail(shown.error().text);
      if (shown->summary.state == run_state::succeeded) return seconds_since(begin);
      if (shown->summary.state != run_state::running) fail("the run did not succeed");
      std::this_thread::sleep_for(std::chrono::microseconds(look_every_us));
    }
  }

  /// What one append with fdatasync costs on the journal's disk, in ms: the floor under every
  /// latency here.
  double fdatasync_ms() const {
    const int file = ::open((folder_ + "/probe").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const std::string block(4096, 'x');
    const auto begin = clock_type::now();
    constexpr int times = 200;
    for (int i = 0; i < times; ++i)
      if (::write(file, block.data(), block.size()) < 0 || ::fdatasync(file) != 0) break;
    const double each = seconds_since(begin) * 1000 / times;
    ::close(file);
    return each;
  }

  [[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "bench-dispatch: %s\n", why.c_str());
    this->~bench_cluster();
    std::_Exit(1);
  }
  pid_t supervisor() const { return supervisor_; }
  pid_t worker() const { return worker_; }

private:
  std::string folder_;
  pid_t supervisor_ = -1;
  pid_t worker_ = -1;
  std::optional<transport::admin_client> client_;
  std::mt19937_64 chance_{std::random_device{}()};
};

std::string chain() {
  std::string text = "pipeline: chain\nsteps:\n";
  for (int i = 0; i < chain_length; ++i)
    text += "  s" + std::to_string(i) + ": {use: core.noop, resources: {cpu: 0}" +
            (i == 0 ? "" : ", needs: [s" + std::to_string(i - 1) + "]") + "}\n";
  return text;
}

void print(const char* what, const spread& figures, const char* unit) {
  std::printf("%-46s %12.2f %12.2f %12.2f  %s\n", what, figures.least, figures.median, figures.most,
              unit);
}

}  // namespace

int main() {
  bench_cluster cluster;
  const auto wide = "pipeline: noop\nsteps:\n  noop: {use: core.noop, instances: " +
                    std::to_string(steps_per_run) + ", resources: {cpu: 0}}\n";
  const long idle_supervisor = resident_kb(cluster.supervisor()),
             idle_worker = resident_kb(cluster.worker());
  const std::string tiny = "pipeline: one\nsteps:\n  s: {use: core.noop, resources: {cpu: 0}}\n";
  cluster.run(wide, 5'000);  // warm up
  std::vector<double> rates, links, singles;
  for (int i = 0; i < rounds; ++i) {
    rates.push_back(steps_per_run / cluster.run(wide, 5'000));
    links.push_back(cluster.run(chain(), 1'000) * 1000 / chain_length);
    std::vector<double> some;
    for (int n = 0; n < 100; ++n) some.push_back(cluster.run(tiny, 100) * 1000);
    singles.push_back(spread_of(some).median);
  }
  double load[3] = {};
  static_cast<void>(::getloadavg(load, 3));
  std::printf(
      "100,000 no-op native steps, 1,000 in flight, supervisor + 1 worker node, TCP loopback, %d "
      "rounds\n",
      rounds);
  std::printf("cores %u, load %.2f, one fdatasync on this disk %.2f ms\n\n",
              std::thread::hardware_concurrency(), load[0], cluster.fdatasync_ms());
  std::printf("%-46s %12s %12s %12s\n", "", "least", "median", "most");
  const auto rate = spread_of(rates);
  print("durable steps per second", rate, "steps/s");
  print("one step after the other (chain of 1,000)", spread_of(links), "ms a step");
  print("submit to durable result seen by the client", spread_of(singles), "ms");
  std::printf("\nresident memory, MB:   idle   after %d steps\n", (rounds + 1) * steps_per_run);
  std::printf("  supervisor node    %6.1f   %6.1f\n", idle_supervisor / 1024.0,
              resident_kb(cluster.supervisor()) / 1024.0);
  std::printf("  worker node        %6.1f   %6.1f\n", idle_worker / 1024.0,
              resident_kb(cluster.worker()) / 1024.0);
  std::printf("  step host               -   %6.1f\n",
              resident_kb(child_of(cluster.worker())) / 1024.0);
  std::printf("{\"bench\":\"dispatch\",\"steps_per_second\":%.0f,\"target\":50000}\n", rate.median);
  return rate.median >= 50'000 ? 0 : 1;
}
