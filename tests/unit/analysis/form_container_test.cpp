// Ordinary forms: the module inside of a form's file, in one page or several, and damage of it.
#include <catch2/catch.hpp>
#include <cstdio>

#include "actors/analysis/metadata/form_container.hpp"
#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

namespace {

constexpr std::uint32_t nowhere = 0x7FFFFFFF;

void put_number(std::string& to, std::uint32_t value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string block_head(std::size_t size, std::size_t page, std::uint32_t next) {
  char head[40];
  std::snprintf(head, sizeof head, "\r\n%08x %08x %08x \r\n", static_cast<unsigned>(size),
                static_cast<unsigned>(page), next);
  return head;
}

std::string element_head(std::string_view name) {
  std::string made(20, '\1');
  for (const char each : name) made += {each, '\0'};
  return made + std::string(4, '\0');
}

/// A form with a layout and this module, whose text is cut into two pages when `pages` is 2.
std::string form_file(const std::string& module, unsigned pages = 1) {
  std::string bytes;
  for (const auto each : {nowhere, 512U, 2U, 0U}) put_number(bytes, each);
  const auto contents_at = bytes.size();
  bytes += block_head(24, 24, nowhere) + std::string(24, '\0');
  std::string contents;
  for (const auto& [name, data] :
       {std::pair<std::string, std::string>{"form", "{27}"}, {"module", module}}) {
    put_number(contents, static_cast<std::uint32_t>(bytes.size()));
    const auto head = element_head(name);
    bytes += block_head(head.size(), head.size(), nowhere) + head;
    put_number(contents, static_cast<std::uint32_t>(bytes.size()));
    put_number(contents, nowhere);
    const auto first = pages == 2 ? data.size() / 2 : data.size();
    const auto next = static_cast<std::uint32_t>(bytes.size() + 31 + first);
    bytes += block_head(data.size(), first, first < data.size() ? next : nowhere) +
             data.substr(0, first);
    if (first < data.size())
      bytes += block_head(0, data.size() - first, nowhere) + data.substr(first);
  }
  bytes.replace(contents_at + 31, 24, contents);
  return bytes;
}

const std::string module_text = "\xEF\xBB\xBFПроцедура ПриОткрытии()\n А();\nКонецПроцедуры\n";

}  // namespace

TEST_CASE("the module of an ordinary form is found, in one page or several") {
  for (const unsigned pages : {1U, 2U}) {
    const auto found = module_of_form(form_file(module_text, pages));
    REQUIRE(found);
    CHECK(*found == module_text);
  }
}

TEST_CASE("a damaged form is one sentence or some text, and never a crash or an endless walk") {
  const auto whole = form_file(module_text, 2);
  for (std::size_t size = 0; size < whole.size(); ++size)
    (void)module_of_form(whole.substr(0, size));
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char bit : {'\x01', '\x10', '\x7f'}) {
      auto damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ bit);
      (void)module_of_form(damaged);
    }
  CHECK_FALSE(module_of_form("not a form"));
}

TEST_CASE("methods of ordinary forms are methods like others") {
  temporary_folder sources;
  temporary_folder output;
  one_module(sources.path(), "");
  const auto form = sources.path() / "CommonForms" / "Старая" / "Ext" / "Form.bin";
  spill(form, form_file(module_text));
  REQUIRE(parse(sources.path(), output.path()));
  const auto methods = load_lines(output.path() / "edt_parser" / "methods.jsonl");
  REQUIRE(methods.size() == 1);
  CHECK(methods[0]["id"] == "CommonForm.Старая.FormModule.ПриОткрытии");
  spill(form, "damaged");
  REQUIRE(parse(sources.path(), output.path()));
  const auto statistics = load(output.path() / "edt_parser" / "parse_statistics.json");
  REQUIRE(statistics["skipped"].size() == 1);
  CHECK(statistics["skipped"][0]["why"].get<std::string>().find("ordinary form") !=
        std::string::npos);
}
