#include "actors/transport/admin_client.hpp"

#include <random>

#include "actors/transport/endpoint.hpp"

namespace artel::transport {

admin_client::admin_client(std::string endpoint, std::chrono::milliseconds patience)
    : endpoint_(std::move(endpoint)), patience_(patience) {
  std::random_device chance;
  session_ = (static_cast<session_no>(chance()) << 32 | chance()) | 1;
}

outcome<done> admin_client::ensure_connected() {
  if (socket_) return done{};
  socket_ = zmq::socket_t(context_, zmq::socket_type::dealer);
  set_common_options(socket_);
  auto good = connect(socket_, endpoint_);
  if (!good) socket_.close();
  return good;
}

outcome<std::string> admin_client::exchange(std::uint64_t sequence, const std::string& frame) {
  if (auto good = ensure_connected(); !good) return good.error();
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  const trouble silence{trouble_code::unavailable,
                        "no supervisor node answers on " + endpoint_ + " within " +
                            std::to_string(patience_.count()) +
                            " ms; start one with 'artel up', or name its socket with --admin"};
  socket_.send(zmq::buffer(frame), zmq::send_flags::none);
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    socket_.set(zmq::sockopt::rcvtimeo, static_cast<int>(left.count()));
    zmq::message_t answer;
    try {
      if (!socket_.recv(answer)) break;
    } catch (const zmq::error_t& e) {
      if (e.num() == EINTR) return trouble{trouble_code::cancelled, "interrupted"};
      throw;
    }
    const auto head = wire::open(answer.to_string_view());
    // Sequence 0: the other side could not even read our envelope.
    if (!head || head->sequence == sequence || head->sequence == 0) return answer.to_string();
  }
  socket_.close();  // a late answer must not be taken for the next one
  return silence;
}

}  // namespace artel::transport
