// The published snapshot, whole and in every state of damage: one clear trouble, never a crash.
#include <catch2/catch.hpp>

#include "actors/analysis/snapshot.hpp"
#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

namespace {

struct published {
  temporary_folder folder;
  fs::path model = folder.path() / "edt_parser" / "model.msgpack";
  fs::path texts = folder.path() / "edt_parser" / "modules.bin";
  published() {
    REQUIRE(run("edt.parse", folder.path(), {{"config_path", (samples / "edt").string()}}));
  }
  artel::outcome<snapshot> open() const {
    return snapshot::open(folder.path(), [] { return false; });
  }
};

}  // namespace

TEST_CASE("a later step without a parse says to run the parse step") {
  temporary_folder folder;
  for (const auto* step : {"edt.architecture", "edt.ml_dataset", "edt.dependencies",
                           "edt.best_practices", "edt.documentation"}) {
    const auto result = run(step, folder.path());
    REQUIRE_FALSE(result);
    CHECK(result.error().text.find("run the parse step") != std::string::npos);
  }
}

TEST_CASE("a snapshot gives back what was parsed") {
  const published from;
  const auto found = from.open();
  REQUIRE(found);
  CHECK(found->contents().configuration.name == "АртельМастеров");
  for (const auto& module : found->contents().modules)
    for (const auto& method : module.syntax.methods)
      CHECK_FALSE(method.name.in(found->text(module)).empty());
}

TEST_CASE("a snapshot cut anywhere is refused") {
  const published from;
  const auto whole = slurp(from.model);
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
    spill(from.model, std::string_view(whole).substr(0, size));
    const auto found = from.open();
    REQUIRE_FALSE(found);
    CHECK(found.error().text.find("run the parse step again") != std::string::npos);
  }
}

TEST_CASE("texts of another size are refused") {
  const published from;
  const auto texts = slurp(from.texts);
  spill(from.texts, texts.substr(0, texts.size() / 2));
  REQUIRE_FALSE(from.open());
  spill(from.texts, texts + "x");
  REQUIRE_FALSE(from.open());
}

TEST_CASE("a flipped byte is refused or harmless, and no step crashes on it") {
  const published from;
  const auto whole = slurp(from.model);
  for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 211) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    spill(from.model, damaged);
    if (!from.open()) continue;
    for (const auto* step : {"edt.dependencies", "edt.best_practices", "edt.ml_dataset"})
      (void)run(step, from.folder.path());
  }
}

TEST_CASE("a snapshot of another schema names both versions") {
  const published from;
  auto bytes = slurp(from.model);
  const auto at =
      bytes.find("artel-configuration") + std::string_view("artel-configuration").size();
  bytes[at] = 99;
  spill(from.model, bytes);
  const auto found = from.open();
  REQUIRE_FALSE(found);
  CHECK(found.error().text.find("schema 99") != std::string::npos);
}

TEST_CASE("skip_parse reports the published parse and writes nothing") {
  const published from;
  const auto before = fs::last_write_time(from.model);
  artel::native_step_registry registry;
  artel::offer_analysis_steps(registry);
  temporary_folder staging;
  quiet_monitor monitor;
  const auto result = registry.at("edt.parse")(
      {{{"skip_parse", "true"}}, from.folder.path(), staging.path(), 1}, monitor);
  REQUIRE(result);
  const auto answer = nlohmann::json::parse(*result);
  CHECK(answer["reused"] == true);
  CHECK(answer["objects"] == 47);
  CHECK(fs::is_empty(staging.path()));
  CHECK(fs::last_write_time(from.model) == before);
  temporary_folder empty;
  CHECK_FALSE(run("edt.parse", empty.path(), {{"skip_parse", "true"}}));
  CHECK_FALSE(run("edt.parse", empty.path(), {{"skip_parse", "perhaps"}}));
}
