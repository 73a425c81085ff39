#include "actors/transport/endpoint.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "actors/logging/events.hpp"

namespace artel::transport {
namespace {

constexpr std::size_t ipc_path_max = 107;

}  // namespace

void set_common_options(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, frames_queued_max);
  socket.set(zmq::sockopt::rcvhwm, frames_queued_max);
  socket.set(zmq::sockopt::maxmsgsize, frame_bytes_max);
  socket.set(zmq::sockopt::heartbeat_ivl, 1'000);
  socket.set(zmq::sockopt::heartbeat_timeout, 3'000);
  socket.set(zmq::sockopt::reconnect_ivl, 20);  // doubled at every failure
  socket.set(zmq::sockopt::reconnect_ivl_max, 1'000);
}

bool surely_nobody_listens(const std::string& endpoint) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string_view path =
      std::string_view(endpoint).substr(std::min<std::size_t>(6, endpoint.size()));
  if (!endpoint.starts_with("ipc://") || path.size() >= sizeof address.sun_path) return false;
  path.copy(address.sun_path, path.size());
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return false;
  const bool refused =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      (errno == ENOENT || errno == ECONNREFUSED);
  ::close(probe);
  return refused;
}

bool is_of_this_host(const std::string& endpoint) {
  if (endpoint.starts_with("ipc://")) return true;
  if (!endpoint.starts_with("tcp://") || endpoint.find(';') != std::string::npos) return false;
  const auto host = endpoint.substr(6, endpoint.rfind(':') - 6);
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

outcome<done> check_endpoint(const std::string& endpoint) {
  if (endpoint.starts_with("ipc://")) {
    const auto path = endpoint.substr(6);
    if (path.empty()) return bad_input("'" + endpoint + "': expected a path after ipc://");
    if (path.size() > ipc_path_max)
      return bad_input("'" + endpoint + "': the path of an ipc endpoint may have at most " +
                       std::to_string(ipc_path_max) + " bytes, this one has " +
                       std::to_string(path.size()) + "; choose a shorter data folder");
    return done{};
  }
  if (endpoint.starts_with("tcp://") && endpoint.rfind(':') > 5 &&
      endpoint.rfind(':') + 1 < endpoint.size())
    return done{};
  return bad_input("'" + endpoint + "': expected tcp://HOST:PORT or ipc:///PATH");
}

outcome<done> bind(zmq::socket_t& socket, const std::string& endpoint, const char* name) {
  if (auto good = check_endpoint(endpoint); !good) return good;
  const bool ipc = endpoint.starts_with("ipc://");
  // ZeroMQ takes the file away from whoever listens there.
  if (ipc && !surely_nobody_listens(endpoint))
    return trouble{trouble_code::unavailable,
                   "can not listen on " + endpoint +
                       ": another process listens there already; stop it or choose another "
                       "endpoint"};
  try {
    // Only the owner may connect, from the first moment on.
    const auto mask = ::umask(ipc ? 0177 : 022);
    struct restore {
      mode_t value;
      ~restore() { ::umask(value); }
    } const back{mask};
    socket.bind(endpoint);
    logging::note(events::socket_listens,
                  {{"socket", name}, {"endpoint", socket.get(zmq::sockopt::last_endpoint)}});
    return done{};
  } catch (const zmq::error_t& e) {
    std::string advice = "check the endpoint";
    if (e.num() == EADDRINUSE)
      advice = "another process listens there already; stop it or choose another endpoint";
    else if (e.num() == EADDRNOTAVAIL || e.num() == ENODEV)
      advice = "this host has no such address";
    else if (e.num() == EACCES)
      advice = "this user may not listen there";
    else if (ipc && (e.num() == ENOENT || e.num() == ENOTDIR))
      advice = "the folder does not exist";
    return trouble{trouble_code::unavailable,
                   "can not listen on " + endpoint + " (" + e.what() + "): " + advice};
  }
}

outcome<done> connect(zmq::socket_t& socket, const std::string& endpoint) {
  if (auto good = check_endpoint(endpoint); !good) return good;
  try {
    socket.connect(endpoint);
    return done{};
  } catch (const zmq::error_t& e) {
    return bad_input("can not connect to " + endpoint + " (" + e.what() + "); check the endpoint");
  }
}

}  // namespace artel::transport
