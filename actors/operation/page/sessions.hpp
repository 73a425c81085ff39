// Who is logged in to the page. Passwords are argon2id hashes in the access file; without one the
// page is opened with a token that lies in the data folder, for whoever may read that. A session is
// a signed cookie: it outlives a restart of the node, and ends when password or token change.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "actors/operation/page/passwords.hpp"
#include "config/access_file.hpp"
#include "messages/access.hpp"
#include "messages/outcome.hpp"

namespace artel::operation {

constexpr std::int64_t session_ms = 12LL * 3'600 * 1'000;
constexpr std::size_t login_failures_max = 5;  ///< of a user or an address in a minute

struct session {
  asking_user who;
  std::string csrf;  ///< what every change must bring along
};

class sessions {
public:
  /// Reads, or makes, DATA/page.key and DATA/page.token (mode 0600). Throws std::runtime_error.
  sessions(std::filesystem::path data, std::string access_file);

  /// The value of a cookie, or why there is none. Slow on purpose, where passwords are.
  outcome<std::string> log_in(const std::string& name, const std::string& password,
                              const std::string& peer, std::int64_t now_ms);
  outcome<std::string> log_in_with_token(const std::string& token, const std::string& peer,
                                         std::int64_t now_ms);
  std::optional<session> of(const std::string& cookie, const std::string& peer,
                            std::int64_t now_ms);

private:
  struct tries {
    std::int64_t minute = 0;
    std::size_t count = 0;
  };
  bool too_many(const std::string& of, std::int64_t now_ms);
  void count_failure(const std::string& of, std::int64_t now_ms);
  std::string make(const std::string& name, const std::string& secret, std::int64_t now_ms) const;
  std::string sign(const std::string& text) const;
  void look_at_file();
  /// What ends a user's sessions when it changes; none: the user may not log in.
  std::optional<std::string> secret_of(const std::string& name, user_role& role);

  std::string key_, token_, owner_;
  std::string access_file_;
  config::access_list access_;
  std::filesystem::file_time_type read_at_{};
  std::map<std::string, tries> tries_;
};

}  // namespace artel::operation
