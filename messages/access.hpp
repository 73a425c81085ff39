// Who asks, and what that person or program may do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace artel {

/// Each may do what those before it may.
enum class user_role : std::uint8_t {
  viewer,     ///< looks: runs, steps, logs, nodes, schedules
  operator_,  ///< changes runs: submits, cancels, pauses, marks, retries, drains
  admin,      ///< changes the cluster: pools; reads the audit log
};
constexpr std::string_view user_role_names[] = {"viewer", "operator", "admin"};

/// Behind a request. Of the local socket, which only the node's own user can open, the name is what
/// the request says.
struct asking_user {
  std::string name;  ///< as in the access file; empty: of the local socket
  user_role role = user_role::viewer;
  std::string from;  ///< the address it comes from, or "local"
};

}  // namespace artel
