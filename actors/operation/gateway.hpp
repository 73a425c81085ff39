// The gateway: what the supervisor node says over HTTP. Metrics for Prometheus and whether it is
// well, for whoever watches over it; the page and its API for people who are logged in. Requests of
// the API go the way of the admin socket's, with the same roles and the same audit log.
#pragma once

#include <caf/event_based_actor.hpp>
#include <chrono>
#include <filesystem>
#include <map>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/operation/http_server.hpp"
#include "actors/operation/page/sessions.hpp"
#include "actors/operation/page/streams.hpp"
#include "actors/timer.hpp"

namespace artel::operation {

struct gateway_options {
  directory_ptr names;
  http_options http;
  std::filesystem::path data;
  std::string access_file;  ///< empty: the token in the data folder opens the page
  std::string version;
};

struct http_asked {
  http_request what;
  http_reply_ptr reply;
};

constexpr std::size_t api_pending_max = 1'024;           ///< of all
constexpr std::size_t api_pending_of_user_max = 128;     ///< of one user
constexpr std::size_t api_streams_max = 200;             ///< of all
constexpr std::ptrdiff_t api_streams_of_user_max = 120;  ///< of one user
constexpr std::size_t api_body_bytes_max = 4U << 20;     ///< of somebody who is logged in
constexpr std::size_t login_body_bytes_max = 4U << 10;

class gateway : public caf::event_based_actor {
public:
  /// Throws std::runtime_error when it can not listen.
  gateway(caf::actor_config& config, gateway_options what);
  caf::behavior make_behavior() override;
  void on_exit() override { server_.reset(), streams_.clear(), pending_.clear(); }
  const char* name() const override { return "gateway"; }

private:
  void on_asked(const http_asked& said);
  void on_api(const http_asked& said, const http_target& target);
  void on_session(const http_asked& said, const std::optional<session>& who);
  void tell_session(const http_reply_ptr& to, const session& who) const;
  void tell_file(const http_asked& said, const std::string& path);
  void tell_metrics(const http_reply_ptr& to);
  void tell_health(const http_reply_ptr& to);
  /// Whether it may be asked over this connection, and comes from our own page.
  bool refuse_foreign(const http_asked& said) const;
  void begin_stream(const http_asked& said, const http_target& target, const session& who);
  void ask_for(const stream_ptr& one);
  std::uint64_t ask(admin_request what, asking_user who);
  void on_answer(answer_client& got);
  void on_tick();
  void look_again();
  std::string cookie_of(const std::string& value) const;

  struct pending {
    http_reply_ptr reply;  ///< of a request, or
    stream_ptr stream;     ///< the stream that asked
    std::string user;
    std::chrono::steady_clock::time_point until;
  };

  gateway_options options_;
  sessions sessions_;
  bool page_ = true;  ///< false: this address is for metrics only
  std::map<std::uint64_t, pending> pending_;
  std::map<std::string, std::size_t> pending_of_;
  std::vector<stream_ptr> streams_;
  std::string client_;  ///< of this life: an answer to an earlier one's question is none of ours
  std::uint64_t last_ = 0;
  std::unique_ptr<http_server> server_;
  timer timer_{*this};
};

}  // namespace artel::operation

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::operation::http_asked)
