// Binding and connecting with errors for people, and the socket options that every socket of ours
// has.
#pragma once

#include <string>
#include <zmq.hpp>

#include "messages/ids.hpp"
#include "messages/outcome.hpp"

namespace artel::transport {

constexpr int frames_queued_max = 4'096;  ///< high-water mark per peer and direction
constexpr std::int64_t frame_bytes_max = 16 << 20;

/// Linger, high-water marks, frame size, TCP heartbeats.
void set_common_options(zmq::socket_t& socket);
/// Trouble names the endpoint and says what to do: in use, no such address, folder missing,
/// malformed.
/// The log says where it listens, as `name`; the port of tcp://HOST:* is the system's choice.
outcome<done> bind(zmq::socket_t& socket, const std::string& endpoint, const char* name);
outcome<done> connect(zmq::socket_t& socket, const std::string& endpoint);
/// "tcp://host:port" or "ipc://path"; trouble says what is wrong with it.
outcome<done> check_endpoint(const std::string& endpoint);

/// Only processes of this host can reach it: ipc, or a loopback address.
bool is_of_this_host(const std::string& endpoint);

/// True when an ipc endpoint has no listener, which can be known at once; false when it has one or
/// when only asking it can tell.
bool surely_nobody_listens(const std::string& endpoint);

}  // namespace artel::transport
