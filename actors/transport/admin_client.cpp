#include "actors/transport/admin_client.hpp"

#include <random>

#include "actors/transport/endpoint.hpp"

namespace artel::transport {
namespace {
constexpr std::int64_t look_again_ms = 50;
}  // namespace

admin_client::admin_client(std::string endpoint, std::chrono::milliseconds patience,
                           client_keys keys)
    : endpoint_(std::move(endpoint)), patience_(patience), keys_(std::move(keys)) {
  std::random_device chance;
  session_ = (static_cast<session_no>(chance()) << 32 | chance()) | 1;
}

outcome<done> admin_client::ensure_connected() {
  if (socket_) return done{};
  socket_ = zmq::socket_t(context_, zmq::socket_type::dealer);
  handshakes_ = std::make_unique<handshake_watch>(context_, socket_);
  set_common_options(socket_);
  // A local socket belongs to this user alone and needs no keys.
  if (keys_.any() && endpoint_.starts_with("tcp://")) speak_curve(socket_, keys_);
  auto good = connect(socket_, endpoint_);
  if (!good) disconnect();
  return good;
}

void admin_client::disconnect() {
  handshakes_.reset();
  socket_.close();
}

outcome<std::string> admin_client::exchange(std::uint64_t sequence, const std::string& frame) {
  if (auto good = ensure_connected(); !good) return good.error();
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  const trouble silence{trouble_code::unavailable,
                        "no supervisor node answers on " + endpoint_ + " within " +
                            std::to_string(patience_.count()) +
                            " ms; start one with 'artel up', or name its socket with --admin" +
                            (endpoint_.starts_with("tcp://")
                                 ? std::string("; without a key that is in its access file it "
                                               "answers nobody (--key, --server-key)")
                                 : std::string())};
  socket_.set(zmq::sockopt::sndtimeo, static_cast<int>(patience_.count()));
  if (!socket_.send(zmq::buffer(frame), zmq::send_flags::none)) {
    disconnect();
    return silence;
  }
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    socket_.set(zmq::sockopt::rcvtimeo,
                static_cast<int>(std::min<std::int64_t>(left.count(), look_again_ms)));
    zmq::message_t answer;
    try {
      if (!socket_.recv(answer)) {
        const auto why = handshakes_->refusal();
        if (why.empty()) continue;
        disconnect();
        return trouble{trouble_code::denied, endpoint_ + ": " + why};
      }
    } catch (const zmq::error_t& e) {
      if (e.num() == EINTR) return trouble{trouble_code::cancelled, "interrupted"};
      throw;
    }
    const auto head = wire::open(answer.to_string_view());
    // Sequence 0: the other side could not even read our envelope.
    if (!head || head->sequence == sequence || head->sequence == 0) return answer.to_string();
  }
  disconnect();  // a late answer must not be taken for the next one
  return silence;
}

}  // namespace artel::transport
