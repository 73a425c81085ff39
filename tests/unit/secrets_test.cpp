// Secrets: what is masked, wherever the pieces of a stream end.
#include "actors/work/secrets.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>
#include <fstream>

#include "actors/work/masker.hpp"
#include "tests/support/temp_folder.hpp"

using namespace artel;
using namespace artel::work;

TEST_CASE("a secret is masked wherever the pieces of a stream end, and nothing else is lost") {
  const std::string text = "a hunter2 b hunhunter2hunter2 hunter c hunter2";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    masker mask;
    mask.add("hunter2");
    std::string said;
    for (std::size_t at = 0; at < text.size(); at += size) said += mask.pass(text.substr(at, size));
    said += mask.finish();
    CHECK(said == "a *** b hun****** hunter c ***");
  }
}

TEST_CASE("what can not become a secret any more is told at once") {
  masker mask;
  mask.add("hunter2");
  CHECK(mask.pass("progress 1\nhun") == "progress 1\n");
  CHECK(mask.pass("dred\n") == "hundred\n");
}

TEST_CASE("a secret that begins with another one, or overlaps it, is masked whole in any pieces") {
  const std::string text = "pass1word2 pass1 pass1word3 word2tail";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    masker mask;
    for (const auto* secret : {"pass1", "pass1word2", "word2tail"}) mask.add(secret);
    std::string said;
    for (std::size_t at = 0; at < text.size(); at += size) said += mask.pass(text.substr(at, size));
    said += mask.finish();
    CHECK(said == "*** *** ***word3 ***");
  }
  masker overlap;
  overlap.add("abcdef"), overlap.add("efghij");
  CHECK(overlap.mask("-abcdefghij-") == "-***-");
  masker key;
  key.add("first line of it\r\nsecond line\r\nend");
  std::string said;
  for (const auto* piece : {"first line of it\r", "\nsecond line\r\n", "end", ".\nsecond line\n"})
    said += key.pass(piece);
  CHECK(said + key.finish() == "***.\n***\n");
}

TEST_CASE("lines of a key and what JSON makes of a secret are masked, too") {
  masker mask;
  mask.add("BEGIN KEY\nabcdefghijk\nxyz");
  CHECK(mask.mask("<abcdefghijk> xyz") == "<***> xyz");
  CHECK(mask.mask(R"({"k":"BEGIN KEY\nabcdefghijk\nxyz"})") == R"({"k":"***"})");
  masker quotes;
  quotes.add("a\"b\"c");
  CHECK(quotes.mask(R"({"k":"a\"b\"c"} a"b"c)") == R"({"k":"***"} ***)");
}

TEST_CASE("secrets come from files, else from variables, and unsuitable ones are refused") {
  const tests::temp_folder folder;
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  };
  const secret_store store(folder.path());
  write("db", "from a file\n");
  ::setenv("ARTEL_SECRET_db", "from a variable", 1);
  ::setenv("ARTEL_SECRET_mail", "post", 1);
  CHECK(*store.find("db") == "from a file");
  CHECK(*store.find("mail") == "post");
  CHECK(*secret_store().find("db") == "from a variable");
  CHECK(store.find("none").error().text.find(
            "does not know the secret 'none': put it into the file") != std::string::npos);
  write("short", "abc");
  CHECK(store.find("short").error().text.find("fewer than 4 bytes") != std::string::npos);
  write("binary", std::string("ab\0cd", 5));
  CHECK(store.find("binary").error().text.find("control characters") != std::string::npos);
}
