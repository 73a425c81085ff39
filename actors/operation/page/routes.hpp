// The API of the page: one line of a table for each request of the admin socket, with its method
// and path. The same table gives the OpenAPI description. Fields of a request come from the path,
// the query (GET) or the body, a JSON object; answers are messages as JSON.
#pragma once

#include <string>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/operation/http_server.hpp"
#include "messages/json.hpp"

namespace artel::operation {

/// What a path and its query say, decoded.
struct http_target {
  std::vector<std::string> path;
  std::map<std::string, std::string> query;
};
http_target read_target(const std::string& target);

struct route {
  std::string method;
  std::string path;  ///< "/api/v1/runs/{run}"; a part in braces is a field of the request
  std::string summary;
  std::string request, answer;  ///< names of the messages
  /// Throws json_mistake.
  admin_request (*read)(const route& of, const http_target& target, const std::string& body);
  json (*describe)(const route& of);  ///< its OpenAPI operation
};

const std::vector<route>& routes();

/// The route of a request and its message. Trouble: not_found, or bad_input with the field.
/// `allowed` gets the methods of the path when only the method is wrong.
outcome<admin_request> read_request(const std::string& method, const http_target& target,
                                    const std::string& body, std::string& allowed);

/// An answer's message as JSON text; invalid UTF-8 is replaced.
std::string text_of(const admin_answer& what);
/// HTTP status of a refusal.
unsigned status_of(trouble_code code);
std::string error_text(trouble_code code, const std::string& text);

/// OpenAPI 3.1 of all routes, and of what is not a route: login, streams.
const std::string& openapi_text();

}  // namespace artel::operation
