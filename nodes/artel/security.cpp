// artel keys and artel audit: who may ask, and who has.
#include <filesystem>

#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

std::string outcome_of(const audit_entry& one) {
  return one.code == trouble_code::none ? one.answer : "refused: " + one.answer;
}

}  // namespace

int new_key(const context& cli, const std::string& name, const std::string& folder) {
  const auto keys = transport::make_keys();
  if (!keys) return fail(keys.error());
  if (name.empty() || name.find_first_of("/\n '\"") != std::string::npos)
    return fail(
        bad_input("keys new: '" + name + "' is no name; expected one such as alice or gpu-1"));
  const auto path = (std::filesystem::path(folder) / name).string();
  if (const auto good = transport::write_key_file(path, name, *keys); !good)
    return fail(good.error());
  if (cli.as_json)
    std::cout << print(json{{"key_file", path + ".key"}, {"public", keys->public_key}}) << '\n';
  else
    std::cout << path << ".key is the secret, " << path << ".pub the public key:\n'"
              << keys->public_key << "'\n";
  return nodes::exit_ok;
}

int show_key(const std::string& file) {
  const auto key = transport::read_public_key(file);
  if (!key) return fail(key.error());
  std::cout << *key << '\n';
  return nodes::exit_ok;
}

int audit(const context& cli, std::uint32_t limit, const std::string& by) {
  auto client = cli.client();
  const auto got = client.ask<audit_listed>(list_audit{limit, by, 0});
  if (!got) return fail(got.error());
  if (cli.as_json) {
    std::cout << print(to_json(got->entries)) << '\n';
    return nodes::exit_ok;
  }
  std::vector<std::vector<std::string>> rows{{"TIME", "WHO", "FROM", "ASKED", "ANSWER"}};
  for (auto one = got->entries.rbegin(); one != got->entries.rend(); ++one)
    rows.push_back({clock_time(one->at_ms), one->by, one->from, one->what, outcome_of(*one)});
  std::cout << (got->entries.empty() ? "no such change has been asked for\n" : table(rows));
  return nodes::exit_ok;
}

}  // namespace artel::cli
