#include "actors/operation/gateway.hpp"

#include <sodium.h>

#include <fstream>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "actors/operation/page/assets.hpp"
#include "actors/operation/page/content.hpp"

namespace artel::operation {
namespace {

constexpr auto api_patience = std::chrono::seconds(35);
constexpr auto tick_every = std::chrono::milliseconds(50);
constexpr auto idle_tick_every = std::chrono::milliseconds(500);
constexpr std::int64_t silence_max_ms = 15'000;  ///< then a stream says that it is there
constexpr std::size_t unread_max = 256U << 10;   ///< with so much unread a stream asks for no more
constexpr std::int64_t asked_again_ms = 150;     ///< when there was nothing
constexpr const char* cookie_name = "artel";
/// Places within the page, which it finds by itself (web/src/main.tsx).
constexpr std::string_view page_paths[] = {
    "/pipelines", "/runs",        "/nodes", "/schedules", "/alerts",
    "/log",       "/supervision", "/audit", "/reports",   "/experiments"};

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}
std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

run_id fresh_run_id() {
  std::uint64_t chance[2] = {};
  randombytes_buf(chance, sizeof chance);
  return make_run_id(static_cast<std::uint64_t>(wall_ms()), chance[0], chance[1]);
}

http_answer json_answer(unsigned status, std::string body) {
  return {status, "application/json", std::move(body), {}};
}
http_answer refusal(trouble_code code, const std::string& text, unsigned status = 0) {
  return json_answer(status == 0 ? status_of(code) : status, error_text(code, text));
}

std::string cookie_in(const http_request& what) {
  const auto& all = what.header("cookie");
  const std::string name = std::string(cookie_name) + "=";
  for (std::size_t from = 0; from < all.size();) {
    const auto to = std::min(all.find(';', from), all.size());
    auto one = all.substr(from, to - from);
    one.erase(0, one.find_first_not_of(' '));
    if (one.starts_with(name)) return one.substr(name.size());
    from = to + 1;
  }
  return {};
}

bool is_session_path(const http_request& what) {
  return what.target.substr(0, what.target.find('?')) == "/api/v1/session";
}

}  // namespace

gateway::gateway(caf::actor_config& config, gateway_options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      sessions_(options_.data, options_.access_file),
      page_(!options_.http.certificate.empty() || is_loopback(options_.http.endpoint)) {
  client_ = "http " + to_text(fresh_run_id());
  server_ = std::make_unique<http_server>(
      options_.http,
      [me = caf::actor_cast<caf::actor_addr>(this)](http_request asked, http_reply_ptr reply) {
        if (const auto self = caf::actor_cast<caf::actor>(me))
          caf::anon_send(self, http_asked{std::move(asked), std::move(reply)});
        else
          reply->answer({503, "text/plain", "being restarted\n"});
      },
      [](const http_request& head) -> std::size_t {
        if (head.method == "GET" || head.method == "HEAD") return 0;
        // Whether the cookie is good is seen later; without one nobody sends megabytes.
        return is_session_path(head) || cookie_in(head).empty() ? login_body_bytes_max
                                                                : api_body_bytes_max;
      });
  logging::note(events::http_listens, {{"address", server_->address()}});
  const auto file = options_.data / "page.address";
  std::ofstream(file) << (page_ ? (options_.http.certificate.empty() ? "http://" : "https://") +
                                      server_->address()
                                : std::string())
                      << '\n';
}

caf::behavior gateway::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](const http_asked& said) { on_asked(said), look_again(); },
      [this](answer_client& got) { on_answer(got); },
      [this](timer_due due) {
        if (!timer_.take(due)) return;
        on_tick();
        look_again();
      },
  };
}

/// Streams want looking after, and requests an answer in time.
void gateway::look_again() {
  if (!streams_.empty())
    timer_.within(tick_every);
  else if (!pending_.empty())
    timer_.within(idle_tick_every);
}

void gateway::on_asked(const http_asked& said) {
  const auto target = read_target(said.what.target);
  const auto path = said.what.target.substr(0, said.what.target.find('?'));
  const bool reads = said.what.method == "GET" || said.what.method == "HEAD";
  if (path == "/metrics" || path == "/healthz") {
    if (!reads) return said.reply->answer({405, "text/plain", "only GET and HEAD\n"});
    return path == "/metrics" ? tell_metrics(said.reply) : tell_health(said.reply);
  }
  if (!page_)
    return said.reply->answer(
        {404, "text/plain",
         "here are only /metrics and /healthz: the page wants a loopback address or TLS "
         "(--tls-certificate, --tls-key)\n"});
  if (!target.path.empty() && target.path[0] == "api") return on_api(said, target);
  if (!reads) return said.reply->answer({405, "text/plain", "only GET and HEAD\n"});
  tell_file(said, path);
}

/// A page of somebody else's may send requests with our user's cookie; browsers say from where.
bool gateway::refuse_foreign(const http_asked& said) const {
  const auto& origin = said.what.header("origin");
  if (origin.empty()) return false;
  const auto slashes = origin.find("://");
  if (slashes != origin.npos && origin.substr(slashes + 3) == said.what.header("host"))
    return false;
  said.reply->answer(refusal(trouble_code::denied, "this came from another site's page"));
  return true;
}

void gateway::on_api(const http_asked& said, const http_target& target) {
  if (refuse_foreign(said)) return;
  const auto who = sessions_.of(cookie_in(said.what), said.what.peer, wall_ms());
  if (is_session_path(said.what)) return on_session(said, who);
  if (target.path.size() == 3 && target.path[2] == "openapi.json")
    return said.reply->answer(json_answer(200, openapi_text()));
  if (!who) return said.reply->answer(refusal(trouble_code::denied, "log in first", 401));
  if (said.what.method != "GET" && said.what.header("x-csrf-token") != who->csrf)
    return said.reply->answer(
        refusal(trouble_code::denied, "the header X-CSRF-Token is missing or not of this session"));
  if (said.what.method == "GET" &&
      (said.what.header("accept") == "text/event-stream" || is_content(target)))
    return begin_stream(said, target, *who);
  std::string allowed;
  auto wish = read_request(said.what.method, target, said.what.body, allowed);
  if (!wish)
    return said.reply->answer(
        refusal(wish.error().code, wish.error().text, allowed.empty() ? 0 : 405));
  auto& count = pending_of_[who->who.name];
  if (pending_.size() >= api_pending_max || count >= api_pending_of_user_max)
    return said.reply->answer(refusal(trouble_code::unavailable, "too many requests at once", 429));
  ++count;
  const auto number = ask(*std::move(wish), who->who);
  if (number == 0) {
    --count;
    return said.reply->answer(
        refusal(trouble_code::unavailable, "the admin actor is being restarted; ask again"));
  }
  pending_[number] = {said.reply, nullptr, who->who.name,
                      std::chrono::steady_clock::now() + api_patience};
}

std::uint64_t gateway::ask(admin_request what, asking_user who) {
  const auto admin = options_.names->find(names::admin);
  if (!admin) return 0;
  // Who asks for a new run need not make its id.
  const auto fill = [](run_id& id) {
    if (id == run_id{}) id = fresh_run_id();
  };
  if (auto* submitted = std::get_if<submit_run>(&what)) fill(submitted->run);
  if (auto* retried = std::get_if<retry_run>(&what)) fill(retried->run);
  send(admin, client_asked{client_, ++last_, std::move(what), std::move(who), true});
  return last_;
}

void gateway::on_answer(answer_client& got) {
  const auto found = pending_.find(got.sequence);
  if (found == pending_.end() || got.client != client_) return;
  const auto one = std::move(found->second);
  pending_.erase(found);
  if (one.stream) {
    auto& stream = *one.stream;
    stream.asked = false;
    const auto before = stream.to()->unsent();
    const bool goes_on = stream.take(got.what);
    if (stream.to()->unsent() != before) stream.sent_at_ms = steady_ms();
    const bool nothing = stream.to()->unsent() == before;
    stream.ask_at_ms = nothing ? steady_ms() + asked_again_ms : 0;
    if (!goes_on) {
      stream.over = true;
      stream.end();
      std::erase(streams_, one.stream);
      return;
    }
    if (!nothing && stream.to()->unsent() < unread_max) ask_for(one.stream);
    return;
  }
  if (const auto user = pending_of_.find(one.user);
      user != pending_of_.end() && --user->second == 0)
    pending_of_.erase(user);
  if (const auto* no = std::get_if<refused>(&got.what))
    return one.reply->answer(refusal(no->code, no->text));
  one.reply->answer(json_answer(200, text_of(got.what)));
}

void gateway::begin_stream(const http_asked& said, const http_target& target, const session& who) {
  const auto own = std::count_if(streams_.begin(), streams_.end(), [&](const auto& one) {
    return one->who().name == who.who.name && !one->to()->closed();
  });
  if (streams_.size() >= api_streams_max || own >= api_streams_of_user_max)
    return said.reply->answer(refusal(trouble_code::unavailable, "too many streams", 429));
  try {
    auto where = target;
    // Outside of the page's frame a script could lead people elsewhere, under our address.
    if (said.what.header("sec-fetch-dest") == "document") where.query.erase("show");
    const auto one = open_stream(where, said.what.header("last-event-id"), who.who, said.reply);
    if (!one)
      return said.reply->answer(refusal(trouble_code::not_found, "there is no such stream"));
    one->begin();
    one->sent_at_ms = steady_ms();
    streams_.push_back(one);
    ask_for(one);
  } catch (const json_mistake& e) {
    said.reply->answer(refusal(trouble_code::bad_input, e.what()));
  }
}

void gateway::ask_for(const stream_ptr& one) {
  if (one->over) return;
  const auto number = ask(one->next(), one->who());
  if (number == 0) {
    one->ask_at_ms = steady_ms() + 1'000;
    return;
  }
  one->asked = true;
  pending_[number] = {nullptr, one, {}, std::chrono::steady_clock::now() + api_patience};
}

void gateway::on_tick() {
  const auto now = steady_ms();
  std::erase_if(streams_, [](const auto& one) { return one->to()->closed(); });
  for (const auto& one : streams_) {
    if (now - one->sent_at_ms > silence_max_ms) {
      if (auto word = one->sign_of_life(); !word.empty()) one->to()->write(std::move(word));
      one->sent_at_ms = now;
    }
    if (!one->asked && now >= one->ask_at_ms && one->to()->unsent() < unread_max) ask_for(one);
  }
  const auto late = std::chrono::steady_clock::now();
  std::erase_if(pending_, [&](auto& each) {
    auto& one = each.second;
    if (late < one.until) return false;
    if (one.stream) {
      one.stream->asked = false;
      return true;
    }
    if (const auto user = pending_of_.find(one.user);
        user != pending_of_.end() && --user->second == 0)
      pending_of_.erase(user);
    one.reply->answer(refusal(trouble_code::unavailable, "there was no answer in time"));
    return true;
  });
}

std::string gateway::cookie_of(const std::string& value) const {
  return std::string(cookie_name) + "=" + value + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
         std::to_string(value.empty() ? 0 : session_ms / 1'000) +
         (options_.http.certificate.empty() ? "" : "; Secure");
}

void gateway::on_session(const http_asked& said, const std::optional<session>& who) {
  if (said.what.method == "GET") {
    if (!who)
      return said.reply->answer(
          json_answer(401, json{{"error", "log in first"},
                                {"with", options_.access_file.empty() ? "token" : "password"}}
                               .dump()));
    return tell_session(said.reply, *who);
  }
  auto gone = json_answer(200, "{}");
  gone.headers = {{"Set-Cookie", cookie_of("")}};
  if (said.what.method == "DELETE") return said.reply->answer(std::move(gone));
  if (said.what.method != "POST")
    return said.reply->answer(
        refusal(trouble_code::bad_input, "this takes GET, POST, DELETE", 405));
  const auto given = json::parse(said.what.body, nullptr, false);
  const auto text = [&](const char* name) {
    return given.is_object() && given.contains(name) && given[name].is_string()
               ? given[name].get<std::string>()
               : std::string();
  };
  const auto now = wall_ms();
  const auto made = text("token").empty()
                        ? sessions_.log_in(text("name"), text("password"), said.what.peer, now)
                        : sessions_.log_in_with_token(text("token"), said.what.peer, now);
  if (!made) {
    logging::note(events::login_refused,
                  {{"by", text("name")}, {"from", said.what.peer}, {"reason", made.error().text}});
    return said.reply->answer(refusal(made.error().code, made.error().text,
                                      made.error().code == trouble_code::unavailable ? 429 : 401));
  }
  const auto as = sessions_.of(*made, said.what.peer, now);
  if (!as) return said.reply->answer(refusal(trouble_code::internal, "the session is not good"));
  logging::note(events::login, {{"by", as->who.name}, {"from", said.what.peer}});
  auto answer = json_answer(200, json{{"name", as->who.name},
                                      {"role", user_role_names[static_cast<int>(as->who.role)]},
                                      {"csrf", as->csrf},
                                      {"version", options_.version}}
                                     .dump());
  answer.headers = {{"Set-Cookie", cookie_of(*made)}};
  said.reply->answer(std::move(answer));
}

void gateway::tell_session(const http_reply_ptr& to, const session& who) const {
  to->answer(json_answer(200, json{{"name", who.who.name},
                                   {"role", user_role_names[static_cast<int>(who.who.role)]},
                                   {"csrf", who.csrf},
                                   {"version", options_.version}}
                                  .dump()));
}

void gateway::tell_file(const http_asked& said, const std::string& path) {
  const auto* file = find_asset(path);
  const auto first = path.substr(0, path.find('/', 1));
  if (file == nullptr &&
      std::find(std::begin(page_paths), std::end(page_paths), first) != std::end(page_paths))
    file = find_asset("/index.html");
  if (file == nullptr)
    return said.reply->answer({404, "text/plain",
                               find_asset("/") == nullptr
                                   ? "this program was built without its page\n"
                                   : "not here; there are the page (/), /api/v1/openapi.json, "
                                     "/metrics and /healthz\n"});
  if (said.what.header("accept-encoding").find("gzip") == std::string::npos)
    return said.reply->answer(
        {406, "text/plain", "the page is compressed: ask with Accept-Encoding: gzip\n"});
  http_answer made{200, std::string(file->type), {}, {}};
  made.headers = {
      {"Cache-Control", "no-cache"},
      {"ETag", "\"" + std::string(file->tag) + "\""},
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
       "'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
       "frame-ancestors 'none'"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Opener-Policy", "same-origin"}};
  if (said.what.header("if-none-match") == "\"" + std::string(file->tag) + "\"") {
    made.status = 304;
    return said.reply->answer(std::move(made));
  }
  made.headers.emplace_back("Content-Encoding", "gzip");
  made.body = std::string(file->body);
  said.reply->answer(std::move(made));
}

}  // namespace artel::operation
