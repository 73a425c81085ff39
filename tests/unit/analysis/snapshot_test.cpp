// The published snapshot, whole and in every state of damage: one clear trouble, never a crash.
#include <catch2/catch.hpp>

#include "actors/analysis/snapshot.hpp"
#include "actors/analysis/snapshot_frames.hpp"
#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

namespace {

struct published {
  temporary_folder folder;
  fs::path model = folder.path() / "edt_parser" / "parts" / "0.model";
  fs::path texts = folder.path() / "edt_parser" / "parts" / "0.text";
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

TEST_CASE("a flipped byte is refused wherever it is") {
  const published from;
  const auto whole = slurp(from.model);
  for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 211) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    spill(from.model, damaged);
    INFO("byte " << at);
    CHECK_FALSE(from.open());
  }
}

TEST_CASE("numbers that point outside of their texts are refused even when the sums are right") {
  const published from;
  using namespace artel::analysis::snapshot_format;
  const auto whole = slurp(from.model);
  frame_reader frames(whole);
  std::uint8_t which = 0;
  std::string_view payload;
  unsigned modules = 0;
  while (frames.next(which, payload)) {
    if (which != tag_module || ++modules > 6) continue;
    const auto begin = static_cast<std::size_t>(payload.data() - whole.data());
    for (std::size_t at = 0; at < payload.size(); at += 1 + payload.size() / 61) {
      std::string frame(frame_head, '\0');
      frame += payload;
      frame[frame_head + at] = static_cast<char>(frame[frame_head + at] ^ 0x55);
      seal(frame, which);
      spill(from.model,
            whole.substr(0, begin - frame_head) + frame + whole.substr(begin + payload.size()));
      if (!from.open()) continue;  // else it is harmless: no step may crash on it
      for (const auto* step : {"edt.dependencies", "edt.best_practices", "edt.ml_dataset"})
        (void)run(step, from.folder.path());
    }
  }
  CHECK(modules > 6);
}

TEST_CASE("a snapshot of another schema names both versions") {
  const published from;
  using namespace artel::analysis::snapshot_format;
  std::string frame(frame_head, '\0');
  artel::wire::pack_into(frame, header{std::string(format_name), 99, 0, 1, 0, 0});
  seal(frame, tag_header);
  spill(from.model, frame);
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
  CHECK(answer["objects"] == 127);
  CHECK(fs::is_empty(staging.path()));
  CHECK(fs::last_write_time(from.model) == before);
  temporary_folder empty;
  CHECK_FALSE(run("edt.parse", empty.path(), {{"skip_parse", "true"}}));
  CHECK_FALSE(run("edt.parse", empty.path(), {{"skip_parse", "perhaps"}}));
}
