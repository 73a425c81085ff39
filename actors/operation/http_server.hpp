// A small HTTP server on a thread of its own: hands each request to whoever made it, and sends the
// answer when it comes, from any thread. Reads no bodies. The only place that knows Boost.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "messages/outcome.hpp"

namespace artel::operation {

struct http_request {
  std::string method;
  std::string target;  ///< path and query
};

struct http_answer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

constexpr std::size_t http_connections_max = 64;
constexpr std::uint32_t http_header_bytes_max = 8'192;
constexpr int http_patience_s = 10;  ///< for a request, an answer, and an idle connection

/// ADDRESS:PORT; port 0 lets the system choose one.
outcome<done> check_http_endpoint(const std::string& text);

class http_server {
public:
  using answer_with = std::function<void(http_answer)>;  ///< once, any thread
  using handler = std::function<void(const http_request&, answer_with)>;

  /// `endpoint` is ADDRESS:PORT. Throws std::runtime_error, in a sentence, when it can not listen
  /// there. `handle` is called on the server's thread and must not block.
  http_server(const std::string& endpoint, handler handle);
  ~http_server();
  std::string address() const;  ///< with the port that was taken

private:
  class state;
  std::shared_ptr<state> state_;
};

}  // namespace artel::operation
