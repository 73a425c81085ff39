#include "actors/operation/notifier.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <nlohmann/json.hpp>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "messages/utc_text.hpp"

namespace artel::operation {

class teller_stop {
public:
  void begin(httplib::Client& one) {
    const std::lock_guard<std::mutex> locked(mutex_);
    client_ = &one;
    if (over_) one.stop();
  }
  void end() {
    const std::lock_guard<std::mutex> locked(mutex_);
    client_ = nullptr;
  }
  void stop() {
    const std::lock_guard<std::mutex> locked(mutex_);
    over_ = true;
    if (client_ != nullptr) client_->stop();
  }
  bool over() const { return over_; }

private:
  std::mutex mutex_;
  httplib::Client* client_ = nullptr;
  std::atomic<bool> over_ = false;
};

namespace {

using json = nlohmann::ordered_json;
constexpr auto tried_for = std::chrono::seconds(60);
constexpr auto look_every = std::chrono::milliseconds(250);  ///< while something waits
constexpr auto http_patience = std::chrono::seconds(10);
constexpr auto command_patience = std::chrono::seconds(30);

/// Empty: told.
std::string post(const alert_receiver& to, const std::string& body, teller_stop& stop) {
  const auto host_at = to.webhook.find("://") + 3;
  const auto path_at = std::min(to.webhook.find('/', host_at), to.webhook.size());
  httplib::Client client(to.webhook.substr(0, path_at));
  client.set_connection_timeout(http_patience);
  client.set_read_timeout(http_patience);
  client.set_write_timeout(http_patience);
  httplib::Headers headers(to.headers.begin(), to.headers.end());
  const auto path = path_at == to.webhook.size() ? "/" : to.webhook.substr(path_at);
  stop.begin(client);
  const auto said = client.Post(path.c_str(), headers, body, "application/json");
  stop.end();
  if (!said) return "no answer: " + httplib::to_string(said.error());
  if (said->status / 100 != 2) return "answered " + std::to_string(said->status);
  return {};
}

/// Ends with the notification: its process group is killed when its time is over.
std::string run(const alert_receiver& to, const alert_view& what, const std::string& body,
                const teller_stop& stop) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> environment{
      "PATH=/usr/local/bin:/usr/bin:/bin", "ARTEL_ALERT=" + what.rule,
      "ARTEL_ALERT_STATE=" + std::string(to_text(what.state)),
      "ARTEL_ALERT_SEVERITY=" + what.severity, "ARTEL_ALERT_SUMMARY=" + what.summary};
  std::vector<char*> argv, envp;
  for (const auto& each : to.command) argv.push_back(const_cast<char*>(each.c_str()));
  for (auto& each : environment) envp.push_back(each.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(ends[0]);
  if (failed == 0) {
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);  // a body is small; who does not read gets less of it
    static_cast<void>(::write(ends[1], body.data(), body.size()) < 0);
  }
  ::close(ends[1]);
  if (failed != 0) return "can not be started: " + std::string(std::strerror(failed));
  const auto until = std::chrono::steady_clock::now() + command_patience;
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (stop.over() || std::chrono::steady_clock::now() > until) {
      ::kill(-pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      return "had not ended after " + std::to_string(command_patience.count()) + " s";
    }
    ::poll(nullptr, 0, 20);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                           : "signal " + std::to_string(WTERMSIG(status));
}

}  // namespace

std::string notification_text(const alert_receiver& to, const alert_view& what,
                              const node_name& from, std::int64_t ended_ms) {
  const bool over = what.state == alert_state::resolved;
  json labels{{"alertname", what.rule}, {"severity", what.severity}};
  for (const auto& [name, value] : what.labels) labels[name] = value;
  const json annotations{{"summary", what.summary}, {"value", what.value}};
  const char* status = over ? "resolved" : "firing";
  const json body{
      {"version", "4"},
      {"groupKey", what.rule + ":" + labels.dump(-1, ' ', false, json::error_handler_t::replace)},
      {"truncatedAlerts", 0},
      {"status", status},
      {"receiver", to.name},
      {"groupLabels", {{"alertname", what.rule}}},
      {"commonLabels", labels},
      {"commonAnnotations", annotations},
      {"externalURL", "artel://" + from},
      {"alerts",
       {{{"status", status},
         {"labels", labels},
         {"annotations", annotations},
         {"startsAt", utc_text(what.since_ms)},
         {"endsAt", over ? utc_text(ended_ms) : "0001-01-01T00:00:00Z"},
         {"generatorURL", ""},
         {"fingerprint", ""}}}}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

namespace {

caf::behavior teller(caf::event_based_actor* self, const std::shared_ptr<teller_stop>& stop) {
  end_with_text_of_exceptions(*self);
  self->set_default_handler(caf::drop);
  return {
      [=](notify& one) {
        auto why = stop->over()             ? std::string("the node stops")
                   : one.to.webhook.empty() ? run(one.to, one.what, one.body, *stop)
                                            : post(one.to, one.body, *stop);
        return teller_said{std::move(one), std::move(why)};
      },
  };
}

bool same_alert(const alert_view& a, const alert_view& b) {
  return a.rule == b.rule && a.labels == b.labels;
}

}  // namespace

notifier::notifier(caf::actor_config& config, directory_ptr names)
    : caf::event_based_actor(config), names_(std::move(names)) {}

void notifier::on_exit() {
  for (auto& [name, each] : lanes_) {
    each.stop->stop();
    send_exit(each.teller, caf::exit_reason::user_shutdown);
  }
  lanes_.clear();
}

caf::behavior notifier::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](notify& one) {
        auto& row = lanes_[one.to.name];
        if (!row.teller) {
          row.stop = std::make_shared<teller_stop>();
          row.teller = spawn<caf::detached>(teller, row.stop);
        }
        // The newest word about an alert is the one to tell.
        std::erase_if(row.waiting,
                      [&](const auto& each) { return same_alert(each.what, one.what); });
        row.waiting.push_back(std::move(one));
        pump(row);
      },
      [this](teller_said& said) { on_said(said); },
      [this](timer_due due) {
        if (!timer_.take(due)) return;
        for (auto& [name, each] : lanes_) pump(each);
      },
  };
}

void notifier::pump(lane& of) {
  if (of.busy || of.waiting.empty()) return;
  if (std::chrono::steady_clock::now() < of.not_before) return timer_.within(look_every);
  of.busy = true;
  send(of.teller, std::move(of.waiting.front()));
  of.waiting.pop_front();
}

void notifier::on_said(teller_said& said) {
  auto& row = lanes_[said.what.to.name];
  auto& one = said.what;
  const auto now = std::chrono::steady_clock::now();
  row.busy = false;
  const bool told = said.problem.empty();
  row.not_before = told ? now : now + std::chrono::seconds(1 << std::min(one.tries, 4U));
  if (!told) {
    if (one.tries++ == 0) one.first = now;
    const bool overtaken =
        std::any_of(row.waiting.begin(), row.waiting.end(),
                    [&](const auto& each) { return same_alert(each.what, one.what); });
    if (!overtaken && now - one.first < tried_for) {
      row.waiting.push_front(std::move(one));
      return pump(row);
    }
    logging::note(events::notification_failed, {{"rule", one.what.rule},
                                                {"to", one.to.name},
                                                {"reason", said.problem},
                                                {"tries", one.tries}});
  }
  if (const auto monitor = names_->find(names::monitor))
    send(monitor, notified{one.to.name, one.what, told});
  pump(row);
}

}  // namespace artel::operation
