// The gate of the supervisor node: decides by public key who may connect (ZAP, on the poll thread),
// says who is behind a frame, and reads the access file again when it has changed. A key that was
// taken out of the file counts no more from then on, also on connections that are there already.
#pragma once

#include <optional>
#include <string>
#include <zmq.hpp>

#include "actors/transport/poll_thread.hpp"
#include "config/access_file.hpp"

namespace artel::transport {

inline constexpr const char* cluster_domain = "cluster";
inline constexpr const char* admin_domain = "admin";
constexpr std::size_t handshakes_per_second_max = 200;  ///< of one address
constexpr std::size_t addresses_known_max = 4'096;

class gate : public channel {
public:
  /// Throws std::runtime_error when the file can not be read now; later a file that can not be read
  /// leaves what was allowed before.
  gate(zmq::context_t& context, std::string access_file);

  zmq::socket_ref socket() override { return socket_; }
  void read(int frames) override;
  void tick(std::int64_t now_ms) override;

  /// The name of the node whose key the frame's connection has shown, if it is still allowed.
  std::optional<std::string> node_behind(const zmq::message_t& frame) const;
  std::optional<config::allowed_user> user_behind(const zmq::message_t& frame) const;

private:
  outcome<done> read_file();
  bool may_knock(const std::string& address);
  /// Empty: may not enter.
  bool allows(const std::string& domain, const std::string& key) const;
  void complain(const std::string& address, const std::string& domain, const char* why);

  zmq::socket_t socket_;
  std::string file_;
  config::access_list allowed_;
  std::string stamp_;  ///< of the file as it was read
  std::string seen_;   ///< of the file at the last look
  std::int64_t next_look_ms_ = 0;
  std::int64_t now_ms_ = 0;
  std::map<std::string, std::size_t> knocks_;  ///< of this second, by address
  std::int64_t knocks_since_ms_ = 0;
  std::int64_t complained_ms_ = 0;
  std::uint64_t refused_ = 0;  ///< since the last complaint
};

/// Trouble when it can not be read as it is.
outcome<done> check_access_file(const std::string& file);

/// The address that a frame came from; "local" for one of an ipc socket.
std::string address_behind(const zmq::message_t& frame);

}  // namespace artel::transport
