#include "actors/logging/render.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "messages/ids.hpp"
#include "messages/spelling.hpp"

namespace artel::logging {
namespace {

using json = nlohmann::ordered_json;
using clock = std::chrono::system_clock;

constexpr std::string_view formats[] = {"auto", "text", "json", "ecs", "otel"};
constexpr const char* ecs_version = "8.11.0";

const char* word_of(level how) {
  constexpr const char* all[] = {"debug", "info", "warn", "error", "critical", "off"};
  return all[static_cast<std::size_t>(how)];
}
/// OpenTelemetry's SeverityNumber, syslog's priority.
int severity_of(level how) {
  constexpr int all[] = {5, 9, 13, 17, 21, 0};
  return all[static_cast<std::size_t>(how)];
}
int priority_of(level how) {
  constexpr int all[] = {7, 6, 4, 3, 2, 7};
  return all[static_cast<std::size_t>(how)];
}

std::string iso_time(clock::time_point at) {
  const auto seconds = clock::to_time_t(at);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count() % 1'000;
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + size, sizeof text - size, ".%03dZ", static_cast<int>(ms));
  return text;
}

json json_of(const value& one) {
  return std::visit([](const auto& what) { return json(what); }, one.what());
}
std::string plain_text(const value& one) {
  if (const auto* text = std::get_if<std::string_view>(&one.what())) return std::string(*text);
  if (const auto* flag = std::get_if<bool>(&one.what())) return *flag ? "true" : "false";
  return std::to_string(std::get<std::int64_t>(one.what()));
}

/// Invalid UTF-8 is replaced, never thrown at.
std::string whole(const json& line) {
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// A run's id is 16 bytes, as a trace's is: whoever follows a trace finds the run.
std::string trace_of(std::initializer_list<field> fields) {
  for (const auto& each : fields) {
    if (each.name != "run") continue;
    const auto run = run_id_from(plain_text(each.what));
    return run ? trace_text(*run) : std::string();
  }
  return {};
}

std::string json_line(const std::string& node, const event& what,
                      std::initializer_list<field> fields) {
  json line{{"time", iso_time(clock::now())},
            {"level", word_of(what.how)},
            {"node", node},
            {"event", what.name}};
  // A field `node` is the node that the event is about.
  for (const auto& each : fields)
    line[each.name == "node" ? "about_node" : std::string(each.name)] = json_of(each.what);
  if (const auto trace = trace_of(fields); !trace.empty()) line["trace"] = trace;
  return whole(line);
}

std::string ecs_line(const std::string& node, const event& what,
                     std::initializer_list<field> fields) {
  json labels = json::object();
  for (const auto& each : fields) labels[std::string(each.name)] = plain_text(each.what);
  json line{{"@timestamp", iso_time(clock::now())},
            {"log.level", word_of(what.how)},
            {"message", text_line(what, fields)},
            {"ecs.version", ecs_version},
            {"service.name", "artel"},
            {"service.node.name", node},
            {"event.action", what.name},
            {"labels", labels}};
  if (const auto trace = trace_of(fields); !trace.empty()) line["trace.id"] = trace;
  return whole(line);
}

std::string otel_line(const std::string& node, const event& what,
                      std::initializer_list<field> fields) {
  const auto now = clock::now();
  const auto ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  json attributes{{"event.name", what.name}};
  for (const auto& each : fields)
    attributes["artel." + std::string(each.name)] = json_of(each.what);
  std::string severity = word_of(what.how);
  std::transform(severity.begin(), severity.end(), severity.begin(), ::toupper);
  json line{{"Timestamp", std::to_string(ns)},
            {"SeverityText", what.how == level::critical ? "FATAL" : severity},
            {"SeverityNumber", severity_of(what.how)},
            {"Body", text_line(what, fields)},
            {"Resource", {{"service.name", "artel"}, {"service.instance.id", node}}},
            {"Attributes", attributes}};
  if (const auto trace = trace_of(fields); !trace.empty()) line["TraceId"] = trace;
  return whole(line);
}

void put_quoted(std::string& into, const std::string& text) {
  if (!text.empty() && text.find_first_of(" \"=\\\n\r\t") == text.npos) {
    into += text;
    return;
  }
  into += '"';
  for (const char each : text) {
    if (each == '\n' || each == '\r') {
      into += each == '\n' ? "\\n" : "\\r";
      continue;
    }
    if (each == '"' || each == '\\') into += '\\';
    into += each;
  }
  into += '"';
}

}  // namespace

std::string text_line(const event& what, std::initializer_list<field> fields) {
  std::string line(what.name);
  for (const auto& each : fields) {
    line += ' ';
    line += each.name;
    line += '=';
    put_quoted(line, plain_text(each.what));
  }
  return line;
}

outcome<render::line_writer> render::writer_for(const std::string& format, const std::string& node,
                                                bool journald) {
  using how = std::string (*)(const std::string&, const event&, std::initializer_list<field>);
  const auto with = [&node](how render) {
    return line_writer([node, render](const event& what, std::initializer_list<field> fields) {
      return render(node, what, fields);
    });
  };
  if (format == "json") return with(json_line);
  if (format == "ecs") return with(ecs_line);
  if (format == "otel") return with(otel_line);
  if (format != "text" && format != "auto")
    return bad_input("log format '" + format + "': expected text, json, ecs or otel" +
                     did_you_mean(format, formats));
  if (!journald || format == "text") return line_writer();
  return line_writer([node](const event& what, std::initializer_list<field> fields) {
    return "<" + std::to_string(priority_of(what.how)) + ">" + node + " " + text_line(what, fields);
  });
}

}  // namespace artel::logging
