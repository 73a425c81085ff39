#include "actors/operation/page/sessions.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sodium.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <vector>

namespace artel::operation {
namespace {

constexpr std::size_t tries_kept_max = 10'000;

void begin_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium can not be initialised");
}

std::string hex(const std::string& bytes) {
  std::string made(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(made.data(), made.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  made.pop_back();
  return made;
}

bool same(const std::string& a, const std::string& b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// The file's text; made with 32 random bytes in hexadecimal when there is none.
std::string secret_in(const std::filesystem::path& file) {
  if (std::ifstream in(file); in) {
    std::string text;
    in >> text;
    if (text.size() == 64) return text;
  }
  std::string bytes(32, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  const auto text = hex(bytes);
  const auto made = file.string() + ".new";
  ::unlink(made.c_str());
  const int fd = ::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool good = fd >= 0 && ::write(fd, (text + "\n").data(), text.size() + 1) ==
                                   static_cast<ssize_t>(text.size() + 1);
  if (fd >= 0) ::close(fd);
  if (!good || ::rename(made.c_str(), file.c_str()) != 0)
    throw std::runtime_error(file.string() + ": can not be written");
  return text;
}

std::string user_of_process() {
  const auto* who = ::getpwuid(::geteuid());
  return who == nullptr ? std::to_string(::geteuid()) : who->pw_name;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> made(1);
  for (const char each : text)
    each == '.' ? void(made.emplace_back()) : made.back().push_back(each);
  return made;
}

}  // namespace

sessions::sessions(std::filesystem::path data, std::string access_file)
    : owner_(user_of_process()), access_file_(std::move(access_file)) {
  begin_sodium();
  key_ = secret_in(data / "page.key");
  std::error_code none;
  if (access_file_.empty())
    token_ = secret_in(data / "page.token");
  else
    std::filesystem::remove(data / "page.token", none);  // it opens nothing any more
}

/// As the gate does for its sockets: a file with a mistake changes nothing.
void sessions::look_at_file() {
  std::error_code wrong;
  const auto at = std::filesystem::last_write_time(access_file_, wrong);
  if (wrong || at == read_at_) return;
  std::ifstream in(access_file_);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  read_at_ = at;
  if (auto got = config::read_access(text, access_file_)) access_ = *std::move(got);
}

std::optional<std::string> sessions::secret_of(const std::string& name, user_role& role) {
  if (access_file_.empty()) {
    role = user_role::admin;
    return name == owner_ ? std::optional(token_) : std::nullopt;
  }
  look_at_file();
  const auto found = access_.page.find(name);
  if (found == access_.page.end()) return std::nullopt;
  role = found->second.role;
  return found->second.password;
}

bool sessions::too_many(const std::string& of, std::int64_t now_ms) {
  const auto found = tries_.find(of);
  return found != tries_.end() && found->second.minute == now_ms / 60'000 &&
         found->second.count >= login_failures_max;
}

void sessions::count_failure(const std::string& of, std::int64_t now_ms) {
  if (tries_.size() > tries_kept_max)
    std::erase_if(tries_, [&](const auto& each) { return each.second.minute != now_ms / 60'000; });
  auto& one = tries_[of];
  if (one.minute != now_ms / 60'000) one = {now_ms / 60'000, 0};
  ++one.count;
}

std::string sessions::sign(const std::string& text) const {
  std::string mac(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(mac.data()), mac.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
  return hex(mac);
}

std::string sessions::make(const std::string& name, const std::string& secret,
                           std::int64_t now_ms) const {
  const auto text = hex(name) + "." + std::to_string(now_ms + session_ms) + "." +
                    sign("secret " + secret).substr(0, 16);
  return text + "." + sign("session " + text);
}

outcome<std::string> sessions::log_in(const std::string& name, const std::string& password,
                                      const std::string& peer, std::int64_t now_ms) {
  if (too_many("user " + name, now_ms) || too_many("peer " + peer, now_ms))
    return trouble{trouble_code::unavailable, "too many failed logins; try again in a minute"};
  auto role = user_role::viewer;
  const auto secret = access_file_.empty() ? std::nullopt : secret_of(name, role);
  // A name that there is not takes as long as one that there is.
  static const auto nobody = hash_of_password("");
  const auto& hash = secret ? *secret : nobody;
  const bool good = crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
  if (good && secret) return make(name, *secret, now_ms);
  count_failure("user " + name, now_ms);
  count_failure("peer " + peer, now_ms);
  return trouble{trouble_code::denied, "the name or the password is wrong"};
}

outcome<std::string> sessions::log_in_with_token(const std::string& token, const std::string& peer,
                                                 std::int64_t now_ms) {
  if (too_many("peer " + peer, now_ms))
    return trouble{trouble_code::unavailable, "too many failed logins; try again in a minute"};
  if (!token_.empty() && same(token, token_)) return make(owner_, token_, now_ms);
  count_failure("peer " + peer, now_ms);
  return trouble{trouble_code::denied,
                 token_.empty() ? "users of this cluster log in with a name and a password"
                                : "the token is wrong; 'artel page' prints the right address"};
}

std::optional<session> sessions::of(const std::string& cookie, const std::string& peer,
                                    std::int64_t now_ms) {
  const auto parts = parts_of(cookie);
  if (parts.size() != 4 || parts[0].size() > 512) return std::nullopt;
  const auto text = parts[0] + "." + parts[1] + "." + parts[2];
  if (!same(sign("session " + text), parts[3])) return std::nullopt;
  if (std::strtoll(parts[1].c_str(), nullptr, 10) < now_ms) return std::nullopt;
  std::string name(parts[0].size() / 2, '\0');
  sodium_hex2bin(reinterpret_cast<unsigned char*>(name.data()), name.size(), parts[0].data(),
                 parts[0].size(), nullptr, nullptr, nullptr);
  session made;
  const auto secret = secret_of(name, made.who.role);
  if (!secret || sign("secret " + *secret).substr(0, 16) != parts[2]) return std::nullopt;
  made.who.name = name;
  made.who.from = "page " + peer;
  made.csrf = sign("csrf " + text);
  return made;
}

}  // namespace artel::operation
