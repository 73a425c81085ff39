// Which role a request needs, and how the audit log tells of it.
#pragma once

#include "actors/interfaces.hpp"

namespace artel::operation {

user_role role_for(const admin_request& what);
/// Requests that change something are in the audit log; looking is not.
bool is_change(const admin_request& what);
std::string_view request_name(const admin_request& what);
/// "viewer", "operator", "admin".
inline std::string_view role_text(user_role role) {
  return user_role_names[static_cast<std::size_t>(role)];
}
/// The request on one line: "cancel_run run=01J… reason="too slow" by=…"; long texts are cut.
std::string audit_text(const admin_request& what);
/// Who asks, by the key that was shown, whatever the request says of itself. Of the local socket
/// the request's own word.
std::string name_of(const asking_user& who, const admin_request& what);
/// Writes that name into the request, where it has a place for it.
void sign(admin_request& what, const asking_user& who);

}  // namespace artel::operation
