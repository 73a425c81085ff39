// How log lines look, in each format, and which are written at all.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "actors/logging/events.hpp"
#include "actors/logging/render.hpp"

using namespace artel;
using nlohmann::json;

namespace {

const std::string run = "01M8E6NDQ2Y2WB7M6D2YBBFX70";

json line_as(const char* format, std::initializer_list<logging::field> fields) {
  const auto writer = logging::render::writer_for(format, "super \"visor\"", false);
  REQUIRE(writer);
  return json::parse((*writer)(events::step_failed, fields));
}

}  // namespace

TEST_CASE("a line of text quotes what could be taken for something else") {
  CHECK(logging::text_line(events::run_ended, {{"run", run}, {"ms", 12}, {"reason", ""}}) ==
        "run_ended run=" + run + " ms=12 reason=\"\"");
  CHECK(logging::text_line(events::run_paused, {{"paused", true}, {"reason", "a \"b\" \\ c\nd"}}) ==
        "run_paused paused=true reason=\"a \\\"b\\\" \\\\ c\\nd\"");
  CHECK(logging::text_line(events::run_paused, {{"reason", "x=1"}}) == "run_paused reason=\"x=1\"");
}

TEST_CASE("a line of JSON has the node, the event, its fields by type, and the run as a trace") {
  const auto line = line_as("json", {{"run", run}, {"attempt", 2}, {"restart", false}});
  CHECK(line["node"] == "super \"visor\"");
  CHECK(line["level"] == "warn");
  CHECK(line["event"] == "step_failed");
  CHECK(line["attempt"] == 2);
  CHECK(line["restart"] == false);
  CHECK(line["trace"].get<std::string>().size() == 32);
  CHECK(line["time"].get<std::string>().back() == 'Z');
}

TEST_CASE("bytes that are no UTF-8 in a field never break a line of JSON") {
  const auto line = line_as("json", {{"reason", std::string("\xff\xfe broken\x01")}});
  CHECK(line["reason"].get<std::string>().find("broken") != std::string::npos);
}

TEST_CASE("lines for Elastic and OpenTelemetry carry the names that those want") {
  const auto ecs = line_as("ecs", {{"run", run}, {"attempt", 2}});
  for (const auto* name : {"@timestamp", "log.level", "message", "ecs.version", "trace.id"})
    CHECK(ecs.contains(name));
  CHECK(ecs["event.action"] == "step_failed");
  CHECK(ecs["labels"]["attempt"] == "2");
  const auto otel = line_as("otel", {{"run", run}, {"attempt", 2}});
  CHECK(otel["SeverityNumber"] == 13);
  CHECK(otel["SeverityText"] == "WARN");
  CHECK(otel["Attributes"]["event.name"] == "step_failed");
  CHECK(otel["Attributes"]["artel.attempt"] == 2);
  CHECK(otel["TraceId"] == ecs["trace.id"]);
}

TEST_CASE("levels are wanted by room, and what is none is refused with what was meant") {
  REQUIRE(logging::set_levels("warn,coordination=debug"));
  CHECK(logging::wanted(events::step_started));
  CHECK_FALSE(logging::wanted(events::run_pruned));
  const auto wrong = logging::set_levels("info,transprot=debug");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text.find("did you mean 'transport'") != std::string::npos);
  CHECK(logging::wanted(events::step_started));  // nothing has changed
  CHECK_FALSE(logging::set_levels("loud"));
  REQUIRE(logging::set_levels("info"));
  CHECK_FALSE(logging::wanted(events::step_started));
}

TEST_CASE("an unknown format is refused") {
  const auto wrong = logging::render::writer_for("jsn", "n", false);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text.find("did you mean 'json'") != std::string::npos);
}
