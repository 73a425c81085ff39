#include "actors/operation/page/openapi.hpp"

namespace artel::operation {

json refusals() {
  const auto refusal = [](const char* why) {
    json made{{"description", why}};
    made["content"]["application/json"]["schema"]["$ref"] = "#/components/schemas/error";
    return made;
  };
  json made;
  made["400"] = refusal("A field is wrong; the text says which");
  made["401"] = refusal("Not logged in");
  made["403"] = refusal("The role does not allow it, or X-CSRF-Token is missing");
  made["404"] = refusal("There is no such thing");
  made["409"] = refusal("It can not be done as things are");
  made["429"] = refusal("A bound is reached, as of requests at once or of active runs");
  made["503"] = refusal("A part of the node is being restarted; ask again");
  return made;
}

namespace {

json stream(const char* summary, std::initializer_list<const char*> parameters) {
  json made{{"summary", summary}, {"parameters", json::array()}};
  for (const auto* each : parameters)
    made["parameters"].push_back({{"name", each},
                                  {"in", each[0] == 'r' || each[0] == 's' ? "path" : "query"},
                                  {"required", each[0] == 'r' || each[0] == 's'},
                                  {"schema", {{"type", "string"}}}});
  made["responses"] = refusals();
  made["responses"]["200"]["description"] =
      "Server-sent events; each has an id, from which Last-Event-ID goes on";
  made["responses"]["200"]["content"]["text/event-stream"]["schema"]["type"] = "string";
  return made;
}

json login() {
  json made{{"summary", "Log in: a cookie"}};
  json properties;
  for (const auto* each : {"name", "password", "token"}) properties[each] = {{"type", "string"}};
  made["requestBody"]["content"]["application/json"]["schema"] = {{"type", "object"},
                                                                  {"properties", properties}};
  made["responses"] = refusals();
  made["responses"]["200"] = {{"description", "The session, as GET gives it"}};
  return made;
}

json describe_all() {
  json all{{"openapi", "3.1.0"},
           {"info",
            {{"title", "Artel"},
             {"version", "1"},
             {"description",
              "The requests of the admin socket over HTTP. Changes want the header X-CSRF-Token "
              "with the csrf of GET /api/v1/session."}}}};
  for (const auto& each : routes()) {
    auto method = each.method;
    for (auto& letter : method) letter = static_cast<char>(letter + 32);
    all["paths"][each.path][method] = each.describe(each);
  }
  auto& paths = all["paths"];
  paths["/api/v1/session"]["post"] = login();
  paths["/api/v1/session"]["get"] = {{"summary", "Who is logged in"}};
  paths["/api/v1/session"]["get"]["responses"] = refusals();
  paths["/api/v1/session"]["get"]["responses"]["200"]["description"] = "name, role, csrf, version";
  paths["/api/v1/session"]["delete"] = {{"summary", "Log out"}};
  paths["/api/v1/session"]["delete"]["responses"] = refusals();
  paths["/api/v1/session"]["delete"]["responses"]["200"]["description"] = "The cookie is gone";
  paths["/api/v1/streams/changes"]["get"] = stream("Which runs change, as they do", {});
  paths["/api/v1/streams/events"]["get"] = stream("Facts, as they happen", {});
  paths["/api/v1/streams/lines"]["get"] = stream("Lines of all nodes' logs, as they come", {});
  paths["/api/v1/runs/{run}/steps/{step}/log/stream"]["get"] =
      stream("What an attempt writes, as it does", {"run", "step", "attempt"});
  auto& content = paths["/api/v1/runs/{run}/artifacts/{step}/{name}/content"]["get"];
  content = stream("The file itself; below it the files of a folder. show=true: to be shown",
                   {"run", "step", "name", "show"});
  content["responses"]["200"] = {
      {"description", "Its bytes; fewer than Content-Length: it failed"}};
  all["components"]["schemas"]["error"] = {
      {"type", "object"},
      {"properties", {{"error", {{"type", "string"}}}, {"code", {{"type", "integer"}}}}}};
  all["components"]["securitySchemes"]["session"] = {
      {"type", "apiKey"}, {"in", "cookie"}, {"name", "artel"}};
  all["security"] = json::array({{{"session", json::array()}}});
  return all;
}

}  // namespace

const std::string& openapi_text() {
  static const auto text = describe_all().dump(1);
  return text;
}

}  // namespace artel::operation
