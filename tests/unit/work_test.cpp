#include <catch2/catch.hpp>
#include <fstream>

#include "actors/work/core_steps.hpp"
#include "actors/work/native_runner.hpp"
#include "actors/work/output_scanner.hpp"
#include "actors/work/staging.hpp"
#include "config/step_catalog.hpp"
#include "messages/instance_text.hpp"
#include "tests/support/temp_folder.hpp"

using namespace artel;
using namespace artel::work;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}
std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}
const std::atomic<bool> never{false};
const attempt_ref some{make_run_id(1, 2, 3), 4, 5};

}  // namespace

TEST_CASE(
    "publishing moves every staged file into place, replaces old ones and leaves nothing behind") {
  const tests::temp_folder folder;
  const auto staging = staging_folder(folder.path(), some);
  REQUIRE(make_staging(folder.path(), some));
  write(folder.path() / "sub/kept.txt", "kept");
  write(folder.path() / "sub/old.txt", "old");
  write(staging / "sub/old.txt", "new");
  write(staging / "deep/er/file.txt", "x");
  REQUIRE(publish(staging, folder.path(), never));
  CHECK(read(folder.path() / "sub/old.txt") == "new");
  CHECK(read(folder.path() / "sub/kept.txt") == "kept");
  CHECK(read(folder.path() / "deep/er/file.txt") == "x");
  CHECK_FALSE(fs::exists(folder.path() / ".artel"));
}

TEST_CASE("two attempts stage apart and discarding one leaves the other") {
  const tests::temp_folder folder;
  auto later = some;
  later.attempt = 6;
  const auto first = staging_folder(folder.path(), some),
             second = staging_folder(folder.path(), later);
  REQUIRE(make_staging(folder.path(), some));
  REQUIRE(make_staging(folder.path(), later));
  write(second / "f", "2");
  discard(first);
  REQUIRE(publish(second, folder.path(), never));
  CHECK(read(folder.path() / "f") == "2");
}
TEST_CASE(
    "a marked folder replaces the published one as a whole, others are put beside what is there") {
  const tests::temp_folder folder;
  const auto publish_one = [&](std::uint32_t attempt, const char* file) {
    auto ref = some;
    ref.attempt = attempt;
    const auto staging = staging_folder(folder.path(), ref);
    REQUIRE(make_staging(folder.path(), ref));
    for (const auto* place : {"pages", "files"}) write(staging / place / file, file);
    write(staging / "pages" / whole_folder_mark, "");
    REQUIRE(publish(staging, folder.path(), never));
    CHECK_FALSE(fs::exists(staging));
  };
  publish_one(1, "old");
  publish_one(2, "new");
  CHECK(fs::exists(folder.path() / "files" / "old"));
  CHECK(fs::exists(folder.path() / "files" / "new"));
  CHECK_FALSE(fs::exists(folder.path() / "pages" / "old"));
  CHECK(fs::exists(folder.path() / "pages" / "new"));
  CHECK_FALSE(fs::exists(folder.path() / "pages" / whole_folder_mark));
}

TEST_CASE(
    "an attempt that a newer one has fenced can put nothing in place, wherever it had stopped") {
  const tests::temp_folder folder;
  auto newer = some;
  newer.attempt = some.attempt + 2;
  const auto late = staging_folder(folder.path(), some);
  REQUIRE(make_staging(folder.path(), some));
  for (const auto* name : {"a", "b"}) write(late / name, "late");
  write(late / "whole" / "c", "late");
  write(late / "whole" / whole_folder_mark, "");
  REQUIRE(fence_earlier(folder.path(), newer));
  const auto staging = staging_folder(folder.path(), newer);
  REQUIRE(make_staging(folder.path(), newer));
  for (const auto* name : {"a", "b", "whole/c"}) write(staging / name, "newer");
  write(staging / "whole" / whole_folder_mark, "");
  REQUIRE(publish(staging, folder.path(), never));
  CHECK_FALSE(publish(late, folder.path(), never));
  for (const auto* name : {"a", "b", "whole/c"}) CHECK(read(folder.path() / name) == "newer");
  CHECK_FALSE(fs::exists(late));
}

TEST_CASE(
    "outputs are not published through links that lie in the output or among what is staged") {
  const tests::temp_folder folder, elsewhere;
  write(elsewhere.path() / "victim", "mine");
  fs::create_directory_symlink(elsewhere.path(), folder.path() / "link");
  REQUIRE(make_staging(folder.path(), some));
  const auto staging = staging_folder(folder.path(), some);
  write(staging / "link" / "victim", "hacked");
  const auto done = publish(staging, folder.path(), never);
  REQUIRE_FALSE(done);
  CHECK(done.error().text.find("not published through links") != std::string::npos);
  CHECK(read(elsewhere.path() / "victim") == "mine");
  // The common folder of what is staged may be a link as little.
  discard(staging);
  fs::create_directory_symlink(elsewhere.path(), folder.path() / ".artel");
  CHECK_FALSE(make_staging(folder.path(), some));
  CHECK(std::distance(fs::directory_iterator(elsewhere.path()), {}) == 1);
  // A link itself is an output like any other.
  fs::remove(folder.path() / ".artel");
  REQUIRE(make_staging(folder.path(), some));
  fs::create_symlink("victim", staging / "latest");
  REQUIRE(publish(staging, folder.path(), never));
  CHECK(fs::read_symlink(folder.path() / "latest") == "victim");
}

TEST_CASE("a fence that can not be put up is trouble, what another has left behind is not") {
  const tests::temp_folder folder;
  auto newer = some;
  newer.attempt = some.attempt + 1;
  auto other_instance = some;
  ++other_instance.instance;
  REQUIRE(make_staging(folder.path(), some));
  const auto late = staging_folder(folder.path(), some);
  write(late / "f", "late");
  write(late.string() + ".fenced." + std::to_string(newer.attempt) + "/f",
        "of one that was killed");
  write(late.string() + ".fenced.1/f", "of another that was killed");
  write(staging_folder(folder.path(), other_instance) / "f", "not its business");
  REQUIRE(fence_earlier(folder.path(), newer));
  CHECK(std::distance(fs::directory_iterator(folder.path() / ".artel"), {}) == 1);
}

TEST_CASE("an output that can not be put in place is an error with its path") {
  const tests::temp_folder folder;
  const auto staging = staging_folder(folder.path(), some);
  REQUIRE(make_staging(folder.path(), some));
  write(staging / "name", "file");
  fs::create_directories(folder.path() / "name/in/the/way");
  const auto done = publish(staging, folder.path(), never);
  REQUIRE_FALSE(done);
  CHECK(done.error().text.find((folder.path() / "name").string()) == 0);
  write(folder.path() / "plain", "x");
  CHECK_FALSE(make_staging(folder.path() / "plain", some));
}

TEST_CASE(
    "what a command says to Artel is understood in any chopping, and other text is left alone") {
  const std::string text =
      "hello\n@artel progress 3 10 three of ten\n@artel result {\"a\": 1}\r\n"
      "@artel progress x y\n@artel result nothing\n@artelprogress 1 2 z\n" +
      std::string(scanned_line_max + 5, 'x') + "\n@artel progress 4 10 \n";
  for (const std::size_t chunk : {1UL, 5UL, 1'000'000UL}) {
    output_scanner scanner;
    std::vector<said_line> said;
    for (std::size_t at = 0; at < text.size(); at += chunk)
      scanner.scan(std::string_view(text).substr(at, chunk),
                   [&](said_line line) { said.push_back(std::move(line)); });
    REQUIRE(said.size() == 3);
    CHECK((said[0].done == 3 && said[0].total == 10 && said[0].text == "three of ten"));
    CHECK((said[1].is_result && said[1].text == "{\"a\": 1}"));
    CHECK(said[2].done == 4);
  }
}

TEST_CASE("a result that is too long is told as such, however it is chopped") {
  const std::string text = "@artel result {" + std::string(scanned_line_max, 'x') + "}\nafter\n";
  for (const std::size_t chunk : {7UL, 60'000UL, 1'000'000UL}) {
    output_scanner scanner;
    std::vector<said_line> said;
    for (std::size_t at = 0; at < text.size(); at += chunk)
      scanner.scan(std::string_view(text).substr(at, chunk),
                   [&](said_line line) { said.push_back(std::move(line)); });
    REQUIRE(said.size() == 1);
    CHECK((said[0].is_result && said[0].too_long));
  }
}

TEST_CASE("the catalog of native steps names every core step there is, and no other") {
  native_step_registry registry;
  offer_core_steps(registry);
  for (const auto& [name, step] : registry) CHECK(config::find_native_step(name) != nullptr);
  for (const auto& name : config::native_step_names())
    if (name.starts_with("core.")) CHECK(registry.contains(name));
}

TEST_CASE("the instance number is filled in wherever a text asks for it") {
  const auto marked = "part-" + std::string(instance_marker) + "/" + std::string(instance_marker);
  CHECK(fill_instance(marked, 12, {}) == "part-12/12");
  CHECK(fill_instance("${instance}", 1, {}) == "${instance}");
  CHECK(fill_instance("a\x1f"
                      "1\x1f"
                      "b\x1f"
                      "0\x1f",
                      3, {marked, "x"}) == "axb" + marked);
  CHECK(fill_instance("\x1f"
                      "7\x1f\x1f",
                      3, {}) ==
        "\x1f"
        "7\x1f\x1f");
}
