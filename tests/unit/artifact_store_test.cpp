// The store of artifacts on a disk: what goes in comes out, under the name of its content.
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "actors/work/attempt_folder.hpp"
#include "actors/work/disk_store.hpp"
#include "tests/support/temp_folder.hpp"

using namespace artel;
using namespace artel::work;
namespace fs = std::filesystem;

namespace {

const attempt_ref maker{make_run_id(1, 2, 3), 4, 5}, user{make_run_id(1, 2, 3), 5, 1};
// printf hello | sha256sum
constexpr const char* of_hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}
std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A store with the lane of one process, and folders of two attempts.
struct stored {
  explicit stored(const fs::path& folder, const std::string& node = "one")
      : lane(*store_lane::take(folder, node)), store(*disk_store::open(lane)) {
    REQUIRE(store->make_attempt(maker));
    REQUIRE(store->make_attempt(user));
  }
  fs::path out() const { return attempt_folder(lane.attempts(), maker) / "out"; }
  fs::path in() const { return attempt_folder(lane.attempts(), user) / "in"; }
  input_blob input(const artifact& what) const {
    return {what.name, what.hash, what.size, what.folder, what.executable, {}};
  }
  store_lane lane;
  std::unique_ptr<disk_store> store;
};

bool is_executable(const fs::path& path) {
  return (fs::status(path).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

}  // namespace

TEST_CASE("a file that a step made is found by another under its SHA-256, read-only") {
  const tests::temp_folder folder;
  stored one(folder.path());
  write(one.out() / "model.bin", "hello");
  const auto made = one.store->put(maker, {"model", "model.bin"});
  REQUIRE(made);
  CHECK(*made == artifact{"model", of_hello, 5, false, false});
  REQUIRE(one.store->lay_out(user, one.input(*made)));
  CHECK(read(one.in() / "model") == "hello");
  CHECK((fs::status(one.in() / "model").permissions() & fs::perms::owner_write) == fs::perms::none);
  CHECK(!fs::exists(one.out() / "model.bin"));

  SECTION("and stays when the attempts have ended") {
    one.store->end_attempt(maker);
    one.store->end_attempt(user);
    CHECK(one.store->has(of_hello));
    CHECK(fs::is_empty(one.lane.attempts()));
  }
}

TEST_CASE("a folder is found as it was made: files, what may be executed, folders without files") {
  const tests::temp_folder folder;
  stored one(folder.path());
  write(one.out() / "all/a", "hello");
  write(one.out() / "all/deep/er/b", "b");
  write(one.out() / "all/run", "#!/bin/sh\n");
  fs::permissions(one.out() / "all/run", fs::perms::owner_all);
  fs::create_directories(one.out() / "all/empty");
  const auto made = one.store->put(maker, {"all", "all"});
  REQUIRE(made);
  CHECK(made->folder);
  CHECK(made->size == 16);
  REQUIRE(one.store->lay_out(user, one.input(*made)));
  CHECK(read(one.in() / "all/a") == "hello");
  CHECK(read(one.in() / "all/deep/er/b") == "b");
  CHECK(is_executable(one.in() / "all/run"));
  CHECK(!is_executable(one.in() / "all/a"));
  CHECK(fs::is_directory(one.in() / "all/empty"));

  SECTION("and the same content has the same name, whoever made it when") {
    write(one.out() / "again/run", "#!/bin/sh\n");
    fs::permissions(one.out() / "again/run", fs::perms::owner_all);
    fs::create_directories(one.out() / "again/empty");
    write(one.out() / "again/deep/er/b", "b");
    write(one.out() / "again/a", "hello");
    CHECK(one.store->put(maker, {"again", "again"})->hash == made->hash);
  }
}

TEST_CASE("what a step did not make, or is no plain file, is told with its name") {
  const tests::temp_folder folder;
  stored one(folder.path());
  const auto told = [&](const std::string& path) {
    const auto made = one.store->put(maker, {"m", path});
    return made ? std::string() : made.error().text;
  };
  CHECK(told("m.bin") == "artifact 'm' was not made: there is no $ARTEL_ARTIFACTS/m.bin");
  fs::create_symlink("/etc/passwd", one.out() / "link");
  CHECK(told("link") == "artifact 'm': is no plain file; links and the like are not taken");
  write(one.out() / "all/a", "a");
  fs::create_symlink("/etc", one.out() / "all/etc");
  CHECK(told("all") == "artifact 'm'/etc: is no plain file; links and the like are not taken");
  write(folder.path() / "elsewhere/secret", "secret");
  fs::create_symlink(folder.path() / "elsewhere", one.out() / "way");
  CHECK(told("way/secret") == "artifact 'm' was not made: there is no $ARTEL_ARTIFACTS/way/secret");
  ::mkfifo((one.out() / "pipe").c_str(), 0600);
  CHECK(told("pipe") == "artifact 'm': is no plain file; links and the like are not taken");
}

TEST_CASE("a file that has another name elsewhere is copied, so that nobody can change it later") {
  const tests::temp_folder folder;
  stored one(folder.path());
  write(folder.path() / "mine", "hello");
  fs::create_hard_link(folder.path() / "mine", one.out() / "m");
  REQUIRE(one.store->put(maker, {"m", "m"}));
  write(folder.path() / "mine", "other");
  REQUIRE(one.store->lay_out(user, {"m", of_hello, 5, false, false, {}}));
  CHECK(read(one.in() / "m") == "hello");
}

TEST_CASE("what comes from another node counts when it is what its hash says, else it is dropped") {
  const tests::temp_folder folder;
  stored one(folder.path());
  REQUIRE(one.store->add(of_hello, "hel"));
  CHECK(one.store->begun(of_hello) == 3);

  SECTION("good") {
    REQUIRE(one.store->add(of_hello, "lo"));
    CHECK(one.store->complete(of_hello));
    std::uint64_t size = 0;
    CHECK(*one.store->read(of_hello, 1, 3, size) == "ell");
    CHECK(size == 5);
  }
  SECTION("spoilt") {
    REQUIRE(one.store->add(of_hello, "l0"));
    const auto told = one.store->complete(of_hello);
    REQUIRE(!told);
    CHECK(told.error().code == trouble_code::corrupt);
    CHECK(!one.store->has(of_hello));
    CHECK(one.store->begun(of_hello) == 0);
  }
}

TEST_CASE(
    "a process goes on with what one that is gone had begun, and takes nothing from the living") {
  const tests::temp_folder folder;
  stored living(folder.path(), "living");
  {
    stored dead(folder.path(), "dead");
    REQUIRE(dead.store->add(of_hello, "hel"));
    write(dead.out() / "half", "x");
  }
  write(living.out() / "kept", "x");
  stored next(folder.path(), "next");
  CHECK(next.store->begun(of_hello) == 3);
  CHECK(living.store->begun(of_hello) == 0);
  CHECK(fs::exists(living.out() / "kept"));
  CHECK(next.store->id() == living.store->id());
  CHECK(std::distance(fs::directory_iterator(folder.path() / "attempts"), {}) == 2);
}

TEST_CASE("processes that start at once with one store do not clear each other away") {
  const tests::temp_folder folder;
  std::vector<std::thread> all;
  std::atomic<int> good{0};
  for (int k = 0; k < 8; ++k)
    all.emplace_back([&] {
      for (int i = 0; i < 40; ++i) {
        const auto lane = store_lane::take(folder.path(), "node");
        good += lane && fs::exists(lane->attempts()) &&
                fs::exists(folder.path() / "partial" / lane->name() / "lock");
      }
    });
  for (auto& each : all) each.join();
  CHECK(good == 8 * 40);
}

TEST_CASE("folders that a step has made read-only can be kept, and go when the attempt has ended") {
  const tests::temp_folder folder;
  stored one(folder.path());
  write(one.out() / "all/deep/a", "hello");
  for (const auto* each : {"all/deep", "all"})
    fs::permissions(one.out() / each, fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(one.store->put(maker, {"all", "all"}));
  fs::create_directories(one.out() / "left/deep");
  fs::permissions(one.out() / "left", fs::perms::owner_read | fs::perms::owner_exec);
  one.store->clear();
  CHECK(fs::is_empty(one.lane.attempts()));
}

TEST_CASE("blobs are collected when nobody has used them for long enough") {
  const tests::temp_folder folder;
  stored one(folder.path());
  write(one.out() / "old", "old");
  write(one.out() / "used", "hello");
  const auto old = *one.store->put(maker, {"old", "old"});
  REQUIRE(one.store->put(maker, {"used", "used"}));
  const auto blob = [&](const std::string& hash) {
    return folder.path() / "blobs" / hash.substr(0, 2) / hash;
  };
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(48);
  fs::last_write_time(blob(old.hash), long_ago);
  fs::last_write_time(blob(of_hello), long_ago);
  REQUIRE(one.store->lay_out(user, {"u", of_hello, 5, false, false, {}}));
  CHECK(one.store->collect(std::chrono::hours(24)) == 3);
  CHECK(!one.store->has(old.hash));
  CHECK(one.store->has(of_hello));
  const auto told = one.store->lay_out(user, {"o", old.hash, 3, false, false, {}});
  REQUIRE(!told);
  CHECK(told.error().code == trouble_code::not_found);
}

TEST_CASE(
    "a list of files is read back as it was written, one that leads out of its folder is not") {
  const std::vector<folder_entry> list{
      {'f', of_hello, 5, "a b"}, {'d', "-", 0, "c"}, {'x', of_hello, 5, "d/e"}};
  const auto text = to_text(list);
  CHECK(*read_folder_list(text) == list);
  CHECK(read_folder_list("")->empty());
  const std::string line = "f " + std::string(of_hello) + " 5 ";
  for (const auto* path : {"../a", "/a", "a/../../b", "a//b", "", ".", "a/./b"}) {
    INFO(path);
    CHECK(!read_folder_list(line + path + "\n"));
  }
  CHECK(!read_folder_list(line + "a"));
  CHECK(!read_folder_list("l" + line.substr(1) + "a\n"));
  CHECK(!read_folder_list("f " + std::string(of_hello).substr(1) + " 5 a\n"));
  CHECK(!read_folder_list("f " + std::string(of_hello) + " 5x a\n"));
}
