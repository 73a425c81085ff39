// A small HTTP server on a thread of its own: hands each request to whoever made it, and sends the
// answer when it comes, from any thread; an answer may be a stream. The only place that knows
// Boost.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::operation {

struct http_request {
  std::string method;
  std::string target;                          ///< path and query
  std::map<std::string, std::string> headers;  ///< names in small letters
  std::string body;
  std::string peer;  ///< address of who asks
  bool encrypted = false;

  const std::string& header(const std::string& name) const {
    static const std::string none;
    const auto found = headers.find(name);
    return found == headers.end() ? none : found->second;
  }
};

using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_answer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  http_headers headers = {};
};

/// One request's way back. Any thread; what comes when the peer is gone is dropped.
class http_reply {
public:
  virtual ~http_reply() = default;
  /// Once, unless it has become a stream.
  virtual void answer(http_answer what) = 0;
  /// The answer is a stream of this type from now on. Its headers may tell its length; else it ends
  /// with the connection.
  virtual void begin_stream(std::string type, http_headers headers) = 0;
  /// A piece of the stream. Who does not read for so long that 1 MiB waits is cut off.
  virtual void write(std::string piece) = 0;
  virtual void end() = 0;
  /// The peer is gone, or was cut off.
  virtual bool closed() const = 0;
  virtual std::size_t unsent() const = 0;
};
using http_reply_ptr = std::shared_ptr<http_reply>;

constexpr std::size_t http_connections_max = 256;
constexpr std::uint32_t http_header_bytes_max = 16'384;
constexpr std::size_t http_unsent_max = 1U << 20;
constexpr int http_patience_s = 10;  ///< for a request, an answer, and an idle connection

/// ADDRESS:PORT; port 0 lets the system choose one.
outcome<done> check_http_endpoint(const std::string& text);
/// Only this host reaches the address.
bool is_loopback(const std::string& endpoint);

struct http_options {
  std::string endpoint;              ///< ADDRESS:PORT
  std::string certificate, tls_key;  ///< PEM files; empty: not encrypted
};
/// Trouble says which of the two files is wrong.
outcome<done> check_certificate(const http_options& what);

class http_server {
public:
  using handler = std::function<void(http_request, http_reply_ptr)>;
  /// How long a body may be, of a request whose headers are there.
  using body_limit = std::function<std::size_t(const http_request&)>;

  /// Throws std::runtime_error, in a sentence, when it can not listen there. Both functions are
  /// called on the server's thread and must not block.
  http_server(const http_options& what, handler handle, body_limit limit);
  ~http_server();
  std::string address() const;  ///< with the port that was taken

private:
  class state;
  template <class Stream>
  class connection;
  std::shared_ptr<state> state_;
};

}  // namespace artel::operation
