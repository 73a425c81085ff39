// Both ends of a link over a real socket, with the poll threads of two nodes in one process.
#include <catch2/catch.hpp>
#include <condition_variable>

#include "actors/transport/admin_client.hpp"
#include "actors/transport/admin_server.hpp"
#include "actors/transport/cluster_client.hpp"
#include "actors/transport/cluster_server.hpp"
#include "tests/support/temp_folder.hpp"

using namespace artel;
using namespace artel::transport;

namespace {

/// Collects what arrives on poll threads; `until` waits for a condition with a deadline.
class mailbox {
public:
  void note(const std::string& what) {
    const std::lock_guard lock(mutex_);
    all_.push_back(what);
    changed_.notify_all();
  }
  bool until(const std::function<bool(const std::vector<std::string>&)>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return condition(all_); });
  }
  bool until_count(std::size_t count) {
    return until([count](const auto& all) { return all.size() >= count; });
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return all_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> all_;
};

struct server_side {
  explicit server_side(const std::string& endpoint, bool settles = true, session_no session = 1) {
    cluster_events events;
    events.hello = [this](node_hello said) {
      hellos.note(said.name + " " + std::to_string(said.what.attempts.size()));
      poll.post([this, said] {
        server->admit({said.name, said.session, {50, 1'000}, said.hello_number});
      });
    };
    events.reported = [this, settles](node_reported said) {
      sequences.push_back(said.sequence);
      for (const auto& report : said.what.reports) reports.note(report.text);
      if (settles)
        poll.post([this, said] { server->settle({said.name, said.session, said.sequence}); });
    };
    events.progressed = [](auto) {};
    events.output = [](auto) {};
    events.tree = [](auto) {};
    events.left = [](auto) {};
    events.heard = [](auto) {};
    events.unreachable = [this](const node_unreachable& said) { gone.note(said.name); };
    auto one = std::make_unique<cluster_server>(poll.context(), endpoint, "supervisor", session,
                                                std::move(events), key_pair{}, nullptr);
    server = one.get();
    poll.add(std::move(one));
    poll.start();
  }
  void order(session_no session, const std::string& reason) {
    poll.post([this, session, reason] {
      server->send(send_order{"w", session, cancel_steps{{}, reason}});
    });
  }
  mailbox hellos, reports, gone;
  std::vector<std::uint64_t> sequences;  ///< of the frames with reports; the poll thread's
  poll_thread poll;
  cluster_server* server = nullptr;
};

struct client_side {
  explicit client_side(const std::string& endpoint, session_no session = 7) {
    client_events events;
    events.introduce = [this](auto) { poll.post([this] { client->introduce({}); }); };
    events.welcome = [this](auto) { welcomes.note("welcome"); };
    events.order = [this](node_order order) { orders.note(std::get<cancel_steps>(order).reason); };
    events.pressure = [](auto) {};
    events.refused_for_good = [this](refused why) { refusals.note(why.text); };
    auto one = std::make_unique<cluster_client>(poll.context(), endpoint, "w", session,
                                                std::move(events), client_keys{});
    client = one.get();
    poll.add(std::move(one));
    poll.start();
    poll.post([this] { client->introduce({}); });
  }
  void report(const std::string& text) {
    poll.post([this, text] {
      client->send(steps_reported{{{{}, 0, 0, ending::failed, false, text}}});
    });
  }
  mailbox welcomes, orders, refusals;
  poll_thread poll;
  cluster_client* client = nullptr;
};

}  // namespace

TEST_CASE("a worker is welcomed, orders reach it and its reports come back, in order") {
  const tests::temp_folder folder;
  const auto endpoint = "ipc://" + (folder.path() / "s").string();
  server_side server(endpoint);
  client_side client(endpoint);
  REQUIRE(client.welcomes.until_count(1));
  for (int i = 0; i < 500; ++i)
    server.order(7, std::to_string(i)), client.report(std::to_string(i));
  REQUIRE(client.orders.until_count(500));
  REQUIRE(server.reports.until_count(500));
  for (int i = 0; i < 500; ++i) {
    CHECK(client.orders.all()[static_cast<std::size_t>(i)] == std::to_string(i));
    CHECK(server.reports.all()[static_cast<std::size_t>(i)] == std::to_string(i));
  }
}

TEST_CASE(
    "reports made before the supervisor node is there, or not yet durable when it dies, arrive at "
    "the next") {
  const tests::temp_folder folder;
  const auto endpoint = "ipc://" + (folder.path() / "s").string();
  client_side client(endpoint);
  client.report("early");
  {
    server_side first(endpoint, false);  // takes reports but never makes them durable
    REQUIRE(first.reports.until_count(1));
    client.report("undurable");
    REQUIRE(first.reports.until_count(2));
  }
  server_side second(endpoint, true, 2);
  REQUIRE(second.reports.until_count(2));
  CHECK(second.reports.all() == std::vector<std::string>{"early", "undurable"});
  // Its hello named both attempts, so that neither counted as lost.
  CHECK(second.hellos.all().back() == "w 2");
}

TEST_CASE("a session that the server forgot says hello again and loses nothing") {
  const tests::temp_folder folder;
  const auto endpoint = "ipc://" + (folder.path() / "s").string();
  server_side server(endpoint);
  client_side client(endpoint);
  REQUIRE(client.welcomes.until_count(1));
  mailbox forgotten;
  server.poll.post([&] {
    server.server->forget({"w", 7});
    forgotten.note("forgotten");
  });
  // Forgotten first: a report that was taken but not acknowledged before would rightly come again.
  REQUIRE(forgotten.until_count(1));
  client.report("after");
  REQUIRE(client.welcomes.until_count(2));
  REQUIRE(server.reports.until_count(1));
  CHECK(server.reports.all() == std::vector<std::string>{"after"});
}

TEST_CASE("a worker whose connection is gone is told of long before its lease ends") {
  const tests::temp_folder folder;
  const auto endpoint = "ipc://" + (folder.path() / "s").string();
  server_side server(endpoint);
  {
    const client_side client(endpoint);
    REQUIRE(server.hellos.until_count(1));
  }
  REQUIRE(server.gone.until_count(1));
  CHECK(server.gone.all().front() == "w");
}

TEST_CASE("the server stops reading while too much is not durable, and goes on when it is") {
  const tests::temp_folder folder;
  const auto endpoint = "ipc://" + (folder.path() / "s").string();
  server_side server(endpoint, false);
  client_side client(endpoint);
  REQUIRE(client.welcomes.until_count(1));
  const std::size_t sent = unsettled_frames_max + 500;
  for (std::size_t i = 0; i < sent; ++i) client.report("x");
  REQUIRE(server.reports.until_count(unsettled_frames_max));
  CHECK(server.reports.all().size() == unsettled_frames_max);
  server.poll.post([&] {
    for (const auto each : server.sequences) server.server->settle({"w", 7, each});
  });
  REQUIRE(server.reports.until_count(sent));
}

TEST_CASE(
    "an admin request gets the one answer with its number, and a silent socket an error in time") {
  const tests::temp_folder folder;
  const auto endpoint = "ipc://" + (folder.path() / "a").string();
  poll_thread poll;
  admin_server* server = nullptr;
  auto one = std::make_unique<admin_server>(
      poll.context(), admin_server_options{{endpoint}, "supervisor", 1}, [&](client_asked said) {
        const auto text = std::get<ping>(said.what).text;
        poll.post([&server, said, text] {
          server->answer({said.client, said.sequence, pong{text + "!", "", 0, 0}});
        });
      });
  server = one.get();
  poll.add(std::move(one));
  poll.start();
  admin_client client(endpoint);
  for (const char* text : {"a", "b"}) {
    const auto said = client.ask<pong>(ping{text});
    REQUIRE(said);
    CHECK(said->text == std::string(text) + "!");
  }
  admin_client nobody("ipc://" + (folder.path() / "nobody").string(),
                      std::chrono::milliseconds(50));
  const auto silence = nobody.ask<pong>(ping{"?"});
  REQUIRE_FALSE(silence);
  CHECK(silence.error().text.find("no supervisor node answers on ipc://") == 0);
  CHECK(admin_client("tcp:/wrong").ask<pong>(ping{""}).error().code == trouble_code::bad_input);
  poll.stop();
}
