#include "actors/transport/curve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "config/access_file.hpp"

namespace artel::transport {
namespace {

constexpr std::size_t key_text_size = 41;  // with the final zero that ZeroMQ writes
/// ZMQ_ZAP_ENFORCE_DOMAIN: in the library since 4.3, in its header only with drafts.
constexpr int zap_enforce_domain = 93;
constexpr int handshake_ms = 5'000;  // who has not said who they are by then is cut off

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return in ? text.str() : std::string();
}

/// The value of `name = value` in a key file; values have no blanks.
std::string value_in(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word, equals, value;
    if (words >> word >> equals >> value && word == name && equals == "=") return value;
  }
  return {};
}

}  // namespace

outcome<key_pair> make_keys() {
  char public_text[key_text_size], secret_text[key_text_size];
  if (::zmq_curve_keypair(public_text, secret_text) != 0)
    return trouble{trouble_code::unavailable, "this ZeroMQ was built without CURVE"};
  return key_pair{public_text, secret_text};
}

outcome<done> write_key_file(const std::string& path, const std::string& name,
                             const key_pair& keys) {
  const auto put = [&](const std::string& file, const std::string& text,
                       mode_t mode) -> outcome<done> {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
      return trouble{errno == EEXIST ? trouble_code::conflict : trouble_code::io_error,
                     file + ": " + std::strerror(errno) +
                         (errno == EEXIST ? "; a key is never replaced, name another file" : "")};
    const bool good = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                      ::fsync(fd) == 0;
    ::close(fd);
    if (good) return done{};
    ::unlink(file.c_str());
    return trouble{trouble_code::io_error, file + ": can not be written; is the disk full?"};
  };
  if (auto good = put(path + ".key",
                      "# the secret key of " + name + ": keep it, show it to nobody\npublic = " +
                          keys.public_key + "\nsecret = " + keys.secret_key + "\n",
                      0600);
      !good)
    return good;
  auto good = put(path + ".pub",
                  "# the public key of " + name + "\npublic = " + keys.public_key + "\n", 0644);
  if (!good) ::unlink((path + ".key").c_str());
  return good;
}

outcome<key_pair> read_key_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    return bad_input("key file '" + path + "': " + std::strerror(errno) +
                     "; 'artel keys new NAME' makes one");
  if ((about.st_mode & 077) != 0)
    return bad_input("key file '" + path + "': others may read it; chmod 600 '" + path + "'");
  const auto text = read_whole(path);
  key_pair made{value_in(text, "public"), value_in(text, "secret")};
  char derived[key_text_size] = "";
  if (!config::is_key(made.public_key) || !config::is_key(made.secret_key) ||
      ::zmq_curve_public(derived, made.secret_key.c_str()) != 0 || made.public_key != derived)
    return bad_input("key file '" + path +
                     "': holds no pair of keys (expected lines 'public = …' and 'secret = …', as "
                     "'artel keys new NAME' writes them)");
  return made;
}

outcome<std::string> read_public_key(const std::string& text_or_file) {
  if (config::is_key(text_or_file) && ::access(text_or_file.c_str(), F_OK) != 0)
    return text_or_file;
  if (::access(text_or_file.c_str(), R_OK) != 0)
    return bad_input("'" + text_or_file +
                     "': expected a public key (40 characters) or a file with one, as 'artel keys "
                     "new NAME' writes it");
  auto key = value_in(read_whole(text_or_file), "public");
  if (!config::is_key(key)) return bad_input("'" + text_or_file + "': holds no public key");
  return key;
}

outcome<client_keys> read_client_keys(const std::string& key_file, const std::string& server) {
  if (key_file.empty() && server.empty()) return client_keys{};
  if (key_file.empty() || server.empty())
    return bad_input(std::string(key_file.empty() ? "--server-key is given without --key"
                                                  : "--key is given without --server-key") +
                     ": both are needed, one's own key and the supervisor node's public one");
  auto own = read_key_file(key_file);
  if (!own) return own.error();
  auto of_server = read_public_key(server);
  if (!of_server) return trouble{of_server.error().code, "--server-key " + of_server.error().text};
  return client_keys{*std::move(own), *std::move(of_server)};
}

void speak_curve(zmq::socket_t& socket, const key_pair& server, const char* domain) {
  socket.set(zmq::sockopt::curve_server, 1);
  socket.set(zmq::sockopt::curve_secretkey, server.secret_key);
  socket.set(zmq::sockopt::zap_domain, domain);
  const int enforce = 1;  // without somebody who decides, nobody gets in
  if (::zmq_setsockopt(socket.handle(), zap_enforce_domain, &enforce, sizeof enforce) != 0)
    throw zmq::error_t();
  socket.set(zmq::sockopt::handshake_ivl, handshake_ms);
}

void speak_curve(zmq::socket_t& socket, const client_keys& keys) {
  socket.set(zmq::sockopt::curve_serverkey, keys.server);
  socket.set(zmq::sockopt::curve_publickey, keys.own.public_key);
  socket.set(zmq::sockopt::curve_secretkey, keys.own.secret_key);
  socket.set(zmq::sockopt::handshake_ivl, handshake_ms);
}

}  // namespace artel::transport
