#include "actors/operation/http_server.hpp"

#include <utility>  // Boost 1.74's Asio forgets it under C++20
//
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace artel::operation {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

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

}  // namespace

class http_server::state : public std::enable_shared_from_this<http_server::state> {
public:
  explicit state(handler handle) : handle_(std::move(handle)), acceptor_(context_) {}

  void listen(const std::string& text) {
    const auto endpoint = endpoint_from(text);
    try {
      acceptor_.open(endpoint.protocol());
      acceptor_.set_option(asio::socket_base::reuse_address(true));
      acceptor_.bind(endpoint);
      acceptor_.listen();
    } catch (const boost::system::system_error& e) {
      throw std::runtime_error("can not listen on " + text + " (" + e.code().message() +
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

private:
  class connection;
  void accept();

  handler handle_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::vector<std::weak_ptr<connection>> open_;  ///< the server's thread only
  std::thread thread_;
};

/// One peer: a request, its answer, the next one.
class http_server::state::connection : public std::enable_shared_from_this<connection> {
public:
  connection(std::shared_ptr<state> of, tcp::socket socket)
      : of_(std::move(of)), stream_(std::move(socket)) {}

  void close() { stream_.close(); }

  void read() {
    parser_.emplace();
    parser_->header_limit(http_header_bytes_max);
    parser_->body_limit(0);
    stream_.expires_after(std::chrono::seconds(http_patience_s));
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](beast::error_code wrong, std::size_t) {
                       if (!wrong) self->ask();
                     });
  }

private:
  void ask() {
    const auto& got = parser_->get();
    stream_.expires_after(std::chrono::seconds(http_patience_s));
    // Whoever answers may do so when we are gone, or too late, or twice.
    auto answered = std::make_shared<std::atomic<bool>>(false);
    of_->handle_({std::string(got.method_string()), std::string(got.target())},
                 [self = this->shared_from_this(), answered](http_answer said) {
                   if (answered->exchange(true)) return;
                   asio::post(self->stream_.get_executor(),
                              [self, said = std::move(said)]() mutable { self->write(said); });
                 });
  }

  void write(http_answer& said) {
    const auto& asked = parser_->get();
    answer_ =
        http::response<http::string_body>(static_cast<http::status>(said.status), asked.version());
    answer_.set(http::field::content_type, said.type);
    answer_.set("X-Content-Type-Options", "nosniff");
    answer_.set(http::field::cache_control, "no-store");
    answer_.keep_alive(asked.keep_alive());
    answer_.content_length(said.body.size());
    if (asked.method() != http::verb::head) answer_.body() = std::move(said.body);
    http::async_write(stream_, answer_,
                      [self = this->shared_from_this()](beast::error_code wrong, std::size_t) {
                        if (!wrong && self->answer_.keep_alive()) self->read();
                      });
  }

  std::shared_ptr<state> of_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{http_header_bytes_max};
  std::optional<http::request_parser<http::empty_body>> parser_;
  http::response<http::string_body> answer_;
};

void http_server::state::accept() {
  acceptor_.async_accept([self = shared_from_this()](beast::error_code wrong, tcp::socket socket) {
    auto& open = self->open_;
    std::erase_if(open, [](const auto& each) { return each.expired(); });
    // One more than there may be is closed at once.
    if (!wrong && open.size() < http_connections_max) {
      const auto one = std::make_shared<connection>(self, std::move(socket));
      open.push_back(one);
      one->read();
    }
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

std::string http_server::address() const { return state_->address(); }

http_server::http_server(const std::string& endpoint, handler handle)
    : state_(std::make_shared<state>(std::move(handle))) {
  state_->listen(endpoint);
}

http_server::~http_server() { state_->stop(); }

}  // namespace artel::operation
