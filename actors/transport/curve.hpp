// Keys of nodes and users (CURVE25519), and the options that make a socket speak nothing but CURVE.
#pragma once

#include <string>
#include <zmq.hpp>

#include "messages/outcome.hpp"

namespace artel::transport {

/// 40 characters of Z85 each.
struct key_pair {
  std::string public_key, secret_key;
};

/// What a client of the cluster needs: its own keys, and the public key of the supervisor node.
struct client_keys {
  key_pair own;
  std::string server;
  bool any() const { return !own.secret_key.empty(); }
};

outcome<key_pair> make_keys();
/// Writes `path` (mode 0600; refuses to replace a file) and prints nothing.
outcome<done> write_key_file(const std::string& path, const std::string& name,
                             const key_pair& keys);
/// Trouble when it is missing, no key file, or others may read it.
outcome<key_pair> read_key_file(const std::string& path);
/// A public key as text, or a file with one: a .pub file, or a key file.
outcome<std::string> read_public_key(const std::string& text_or_file);
/// Of a client: both or none must be given.
outcome<client_keys> read_client_keys(const std::string& key_file, const std::string& server);

/// Before bind; `domain` is what the gate tells apart. Without a gate nobody gets in.
void speak_curve(zmq::socket_t& socket, const key_pair& server, const char* domain);
/// Before connect.
void speak_curve(zmq::socket_t& socket, const client_keys& keys);

}  // namespace artel::transport
