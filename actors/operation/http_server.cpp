#include "actors/operation/http_server.hpp"

#include <utility>  // Boost 1.74's Asio forgets it under C++20
//
#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <deque>
#include <optional>
#include <stdexcept>
#include <thread>

namespace artel::operation {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using plain_stream = beast::tcp_stream;
using tls_stream = beast::ssl_stream<beast::tcp_stream>;

tcp::endpoint endpoint_from(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto host = text.substr(0, std::min(colon, text.size()));
  boost::system::error_code wrong;
  const bool six = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1"
                                              : six               ? host.substr(1, host.size() - 2)
                                                                  : host,
                                              wrong);
  const auto port_text = colon == text.npos ? "" : text.substr(colon + 1);
  char* end = nullptr;
  const auto port = std::strtoul(port_text.c_str(), &end, 10);
  if (wrong || port_text.empty() || *end != 0 || port > 65'535)
    throw std::runtime_error("'" + text + "': expected ADDRESS:PORT such as 127.0.0.1:9808");
  return {address, static_cast<unsigned short>(port)};
}

void load(asio::ssl::context& into, const http_options& what) {
  boost::system::error_code wrong;
  into.use_certificate_chain_file(what.certificate, wrong);
  if (wrong)
    throw std::runtime_error(what.certificate + ": is no certificate chain in PEM form (" +
                             wrong.message() + ")");
  into.use_private_key_file(what.tls_key, asio::ssl::context::pem, wrong);
  if (wrong)
    throw std::runtime_error(what.tls_key + ": is no private key in PEM form for " +
                             what.certificate + " (" + wrong.message() + ")");
}

/// Whoever is on the other end: to close it, whatever kind it is.
struct closable {
  virtual ~closable() = default;
  virtual void close() = 0;
};

}  // namespace

class http_server::state : public std::enable_shared_from_this<http_server::state> {
public:
  state(handler handle, body_limit limit)
      : handle_(std::move(handle)), limit_(std::move(limit)), acceptor_(context_) {}

  void listen(const http_options& what) {
    if (!what.certificate.empty()) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
      load(*tls_, what);
    }
    const auto endpoint = endpoint_from(what.endpoint);
    try {
      acceptor_.open(endpoint.protocol());
      acceptor_.set_option(asio::socket_base::reuse_address(true));
      acceptor_.bind(endpoint);
      acceptor_.listen();
    } catch (const boost::system::system_error& e) {
      throw std::runtime_error("can not listen on " + what.endpoint + " (" + e.code().message() +
                               "): another process may, or this host has no such address");
    }
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }

  std::string address() const {
    const auto at = acceptor_.local_endpoint();
    return at.address().to_string() + ":" + std::to_string(at.port());
  }

  /// Closes everything, so that what waits ends and lets go of us; who answers later finds a
  /// connection that is closed.
  void stop();

  handler handle_;
  body_limit limit_;

private:
  void accept();
  template <class Stream, class... Arguments>
  void open(tcp::socket socket, Arguments&... more);

  asio::io_context context_{1};
  std::optional<asio::ssl::context> tls_;
  tcp::acceptor acceptor_;
  std::vector<std::weak_ptr<closable>> open_;  ///< the server's thread only
  std::thread thread_;
};

/// One peer: a request, its answer, the next one.
template <class Stream>
class http_server::connection
    : public closable,
      public std::enable_shared_from_this<http_server::connection<Stream>> {
public:
  template <class... Arguments>
  connection(std::shared_ptr<state> of, tcp::socket socket, Arguments&... more)
      : of_(std::move(of)), stream_(std::move(socket), more...) {
    beast::error_code none;
    if (const auto peer = lowest().socket().remote_endpoint(none); !none)
      peer_ = peer.address().to_string();
  }

  void close() override {
    closed_ = true;
    lowest().close();
  }

  void begin() {
    lowest().expires_after(std::chrono::seconds(http_patience_s));
    if constexpr (std::is_same_v<Stream, tls_stream>)
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](beast::error_code wrong) {
                                wrong ? self->close() : self->read();
                              });
    else
      read();
  }

private:
  class reply;

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void read() {
    parser_.emplace();
    parser_->header_limit(http_header_bytes_max);
    parser_->body_limit(std::uint64_t{1} << 40);  // until it is known who asks
    lowest().expires_after(std::chrono::seconds(http_patience_s));
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](beast::error_code wrong, std::size_t) {
          wrong ? self->close() : self->read_body();
        });
  }

  void read_body() {
    request_ = head_of(parser_->get());
    const auto most = of_->limit_(request_);
    // A body that is too long is answered without having been read; then the connection ends.
    if (const auto length = parser_->content_length(); length && *length > most) {
      must_close_ = true;
      return write({413, "text/plain; charset=utf-8", "the body is too long\n", {}});
    }
    parser_->body_limit(std::max<std::size_t>(most, 1));
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](beast::error_code wrong, std::size_t) {
                       if (wrong) return self->close();
                       self->request_.body = std::move(self->parser_->get().body());
                       self->ask();
                     });
  }

  http_request head_of(const http::request<http::string_body>& from) const {
    http_request made;
    made.method = std::string(from.method_string());
    made.target = std::string(from.target());
    made.peer = peer_;
    made.encrypted = std::is_same_v<Stream, tls_stream>;
    for (const auto& each : from) {
      std::string name(each.name_string());
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      made.headers[name] = std::string(each.value());
    }
    return made;
  }

  void ask();
  void write(http_answer said) {
    const auto& asked = parser_->get();
    answer_ =
        http::response<http::string_body>(static_cast<http::status>(said.status), asked.version());
    answer_.set(http::field::content_type, said.type);
    answer_.set("X-Content-Type-Options", "nosniff");
    answer_.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : said.headers) answer_.set(name, value);
    answer_.keep_alive(asked.keep_alive() && !must_close_);
    answer_.content_length(said.body.size());
    if (asked.method() != http::verb::head) answer_.body() = std::move(said.body);
    lowest().expires_after(std::chrono::seconds(http_patience_s));
    http::async_write(stream_, answer_,
                      [self = this->shared_from_this()](beast::error_code wrong, std::size_t) {
                        !wrong && self->answer_.keep_alive() ? self->read() : self->close();
                      });
  }

  /// The connection ends with the stream.
  void begin_stream(const std::string& type, const http_headers& headers) {
    streaming_ = true;
    auto head = "HTTP/1.1 200 OK\r\nContent-Type: " + type +
                "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                "X-Accel-Buffering: no\r\nConnection: close\r\n";
    for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
    queue_.push_back(head + "\r\n");
    flush();
  }
  void put(std::string piece) {
    if (!streaming_ || closed_) return;
    queue_.push_back(std::move(piece));
    flush();
  }
  void finish() {
    ending_ = true;
    if (!writing_) close();
  }
  void flush() {
    if (writing_) return;
    if (queue_.empty()) {
      if (ending_) close();
      return;
    }
    writing_ = true;
    lowest().expires_after(std::chrono::seconds(3 * http_patience_s));
    asio::async_write(stream_, asio::buffer(queue_.front()),
                      [self = this->shared_from_this()](beast::error_code wrong, std::size_t size) {
                        self->writing_ = false;
                        self->unsent_ -= std::min<std::size_t>(self->unsent_, size);
                        self->queue_.pop_front();
                        if (wrong) return self->close();
                        self->lowest().expires_never();
                        self->flush();
                      });
  }

  std::shared_ptr<state> of_;
  Stream stream_;
  std::string peer_;
  beast::flat_buffer buffer_{64U << 10};
  std::optional<http::request_parser<http::string_body>> parser_;
  http_request request_;
  http::response<http::string_body> answer_;
  bool must_close_ = false;
  std::deque<std::string> queue_;  ///< of a stream
  bool streaming_ = false, writing_ = false, ending_ = false;
  std::atomic<bool> closed_ = false;
  std::atomic<std::size_t> unsent_ = 0;
};

template <class Stream>
class http_server::connection<Stream>::reply : public http_reply {
public:
  explicit reply(std::shared_ptr<connection> to) : to_(std::move(to)) {}
  ~reply() override {
    if (!used_.exchange(true)) post([](auto& to) { to.close(); });
  }

  void answer(http_answer what) override {
    if (used_.exchange(true)) return;
    post([what = std::move(what)](auto& to) mutable { to.write(std::move(what)); });
  }
  void begin_stream(std::string type, http_headers headers) override {
    if (used_.exchange(true)) return;
    streams_ = true;
    post([type = std::move(type), headers = std::move(headers)](auto& to) {
      to.begin_stream(type, headers);
    });
  }
  // Of this answer's own stream only: the connection may be at a later one.
  void write(std::string piece) override {
    if (!streams_ || to_->closed_) return;
    if ((to_->unsent_ += piece.size()) > http_unsent_max) return end();
    post([piece = std::move(piece)](auto& to) mutable { to.put(std::move(piece)); });
  }
  void end() override {
    if (!streams_) return;
    post([](auto& to) { to.finish(); });
  }
  bool closed() const override { return to_->closed_; }
  std::size_t unsent() const override { return to_->unsent_; }

private:
  template <class What>
  void post(What what) {
    asio::post(to_->stream_.get_executor(),
               [to = to_, what = std::move(what)]() mutable { what(*to); });
  }
  std::shared_ptr<connection> to_;
  std::atomic<bool> used_ = false;
  std::atomic<bool> streams_ = false;
};

template <class Stream>
void http_server::connection<Stream>::ask() {
  lowest().expires_after(std::chrono::seconds(3 * http_patience_s));
  of_->handle_(std::move(request_), std::make_shared<reply>(this->shared_from_this()));
}

template <class Stream, class... Arguments>
void http_server::state::open(tcp::socket socket, Arguments&... more) {
  const auto one =
      std::make_shared<connection<Stream>>(shared_from_this(), std::move(socket), more...);
  open_.push_back(one);
  one->begin();
}

void http_server::state::accept() {
  acceptor_.async_accept([self = shared_from_this()](beast::error_code wrong, tcp::socket socket) {
    std::erase_if(self->open_, [](const auto& each) { return each.expired(); });
    // One more than there may be is closed at once.
    if (!wrong && self->open_.size() < http_connections_max)
      self->tls_ ? self->open<tls_stream>(std::move(socket), *self->tls_)
                 : self->open<plain_stream>(std::move(socket));
    if (wrong != asio::error::operation_aborted) self->accept();
  });
}

void http_server::state::stop() {
  asio::post(context_, [self = shared_from_this()] {
    beast::error_code none;
    self->acceptor_.close(none);
    for (const auto& each : self->open_)
      if (const auto one = each.lock()) one->close();
  });
  if (thread_.joinable()) thread_.join();
}

outcome<done> check_http_endpoint(const std::string& text) {
  try {
    endpoint_from(text);
    return done{};
  } catch (const std::runtime_error& e) {
    return bad_input(e.what());
  }
}

bool is_loopback(const std::string& endpoint) {
  return endpoint_from(endpoint).address().is_loopback();
}

outcome<done> check_certificate(const http_options& what) {
  try {
    asio::ssl::context trial(asio::ssl::context::tls_server);
    load(trial, what);
    return done{};
  } catch (const std::runtime_error& e) {
    return bad_input(e.what());
  }
}

std::string http_server::address() const { return state_->address(); }

http_server::http_server(const http_options& what, handler handle, body_limit limit)
    : state_(std::make_shared<state>(std::move(handle), std::move(limit))) {
  state_->listen(what);
}

http_server::~http_server() { state_->stop(); }

}  // namespace artel::operation
