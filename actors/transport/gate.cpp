#include "actors/transport/gate.hpp"

#include "actors/logging/events.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace artel::transport {
namespace {

constexpr std::int64_t look_every_ms = 1'000;
constexpr std::int64_t complain_every_ms = 1'000;
constexpr std::size_t key_bytes = 32;

/// What changes when a file is written or replaced.
std::string stamp_of(const std::string& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return {};
  return std::to_string(about.st_ino) + " " + std::to_string(about.st_size) + " " +
         std::to_string(about.st_mtim.tv_sec) + "." + std::to_string(about.st_mtim.tv_nsec);
}

/// A property of the connection; nothing without CURVE.
std::string property(const zmq::message_t& frame, const char* name) {
  const char* found = ::zmq_msg_gets(const_cast<zmq_msg_t*>(frame.handle()), name);
  return found == nullptr ? std::string() : std::string(found);
}

outcome<config::access_list> read_whole(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in && text.str().empty())
    return bad_input("access file '" + file + "' can not be read; docs/SECURITY.md shows one");
  return config::read_access(text.str(), file);
}

}  // namespace

outcome<done> check_access_file(const std::string& file) {
  if (auto made = read_whole(file); !made) return made.error();
  return done{};
}

std::string address_behind(const zmq::message_t& frame) {
  const auto address = property(frame, "Peer-Address");
  return address.empty() ? "local" : address;
}

gate::gate(zmq::context_t& context, std::string access_file)
    : socket_(context, zmq::socket_type::rep), file_(std::move(access_file)) {
  if (auto good = read_file(); !good) throw std::runtime_error(good.error().text);
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("inproc://zeromq.zap.01");
}

outcome<done> gate::read_file() {
  stamp_ = stamp_of(file_);
  auto made = read_whole(file_);
  if (!made) return made.error();
  allowed_ = *std::move(made);
  return done{};
}

void gate::tick(std::int64_t now_ms) {
  now_ms_ = now_ms;
  if (now_ms < next_look_ms_) return;
  next_look_ms_ = now_ms + look_every_ms;
  // Twice the same: it is not being written just now.
  auto stamp = stamp_of(file_);
  if (stamp == stamp_ || std::exchange(seen_, stamp) != stamp) return;
  if (const auto good = read_file(); good)
    logging::note(
        events::access_read,
        {{"file", file_}, {"nodes", allowed_.nodes.size()}, {"users", allowed_.users.size()}});
  else
    logging::note(events::access_not_read,
                  {{"reason", good.error().text}, {"kept", "what was allowed before"}});
}

bool gate::may_knock(const std::string& address) {
  if (now_ms_ - knocks_since_ms_ >= 1'000) knocks_.clear(), knocks_since_ms_ = now_ms_;
  if (!knocks_.contains(address) && knocks_.size() >= addresses_known_max) return false;
  return ++knocks_[address] <= handshakes_per_second_max;
}

bool gate::allows(const std::string& domain, const std::string& key) const {
  return domain == cluster_domain ? allowed_.nodes.contains(key) : allowed_.users.contains(key);
}

void gate::complain(const std::string& address, const std::string& domain, const char* why) {
  ++refused_;
  if (now_ms_ - complained_ms_ < complain_every_ms && complained_ms_ != 0) return;
  logging::note(events::peer_refused,
                {{"address", address}, {"socket", domain}, {"reason", why}, {"count", refused_}});
  complained_ms_ = now_ms_;
  refused_ = 0;
}

/// RFC 27: version, request id, domain, address, routing id, mechanism, credentials.
void gate::read(int frames) {
  for (int i = 0; i < frames; ++i) {
    std::vector<std::string> request;
    zmq::message_t part;
    do {
      if (!socket_.recv(part, zmq::recv_flags::dontwait)) return;
      request.push_back(part.to_string());
    } while (part.more());
    const bool well_formed =
        request.size() == 7 && request[5] == "CURVE" && request[6].size() == key_bytes;
    char key[41] = "";
    if (well_formed)
      ::zmq_z85_encode(key, reinterpret_cast<const std::uint8_t*>(request[6].data()), key_bytes);
    // 300: later; 400: never.
    const bool may_try = !well_formed || may_knock(request[3]);
    const char* wrong = nullptr;
    if (!well_formed)
      wrong = "it does not speak CURVE";
    else if (!may_try)
      wrong = "too many connections a second from there";
    else if (!allows(request[2], key))
      wrong = "its key is not in the access file";
    if (wrong != nullptr)
      complain(request.size() > 3 ? request[3] : "?", request.size() > 2 ? request[2] : "?", wrong);
    const std::string answer[] = {"1.0",
                                  request.size() > 1 ? request[1] : "",
                                  wrong == nullptr ? "200"
                                  : may_try        ? "400"
                                                   : "300",
                                  wrong == nullptr ? "" : wrong,
                                  wrong == nullptr ? key : "",
                                  ""};
    for (std::size_t k = 0; k < std::size(answer); ++k)
      static_cast<void>(socket_.send(zmq::buffer(answer[k]), k + 1 < std::size(answer)
                                                                 ? zmq::send_flags::sndmore
                                                                 : zmq::send_flags::none));
  }
}

std::optional<std::string> gate::node_behind(const zmq::message_t& frame) const {
  const auto found = allowed_.nodes.find(property(frame, "User-Id"));
  if (found == allowed_.nodes.end()) return std::nullopt;
  return found->second;
}

std::optional<config::allowed_user> gate::user_behind(const zmq::message_t& frame) const {
  const auto found = allowed_.users.find(property(frame, "User-Id"));
  if (found == allowed_.users.end()) return std::nullopt;
  return found->second;
}

}  // namespace artel::transport
