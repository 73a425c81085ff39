// Who may join the cluster and who may ask it what: names, public keys and roles, in a file that is
// read again when it changes (docs/SECURITY.md).
#pragma once

#include <map>
#include <string>

#include "messages/access.hpp"
#include "messages/outcome.hpp"

namespace artel::config {

struct allowed_user {
  std::string name;
  user_role role = user_role::viewer;
};

/// Public keys as in key files: 40 characters of Z85.
struct access_list {
  std::map<std::string, std::string> nodes;   ///< key → the name that the node must have
  std::map<std::string, allowed_user> users;  ///< by key
  struct page_user {
    user_role role = user_role::viewer;
    std::string password;  ///< its hash, as 'artel keys password' prints it
  };
  std::map<std::string, page_user> page;  ///< who may log in to the page, by name
};

/// Trouble names file, line and column.
outcome<access_list> read_access(const std::string& text, const std::string& file);

/// True for 40 characters of Z85, which is what a key looks like.
bool is_key(const std::string& text);

}  // namespace artel::config
