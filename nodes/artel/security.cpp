// artel keys and artel audit: who may ask, and who has.
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "actors/operation/page/passwords.hpp"
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

/// Two times from a terminal, which does not show it; else a line of standard input.
int hash_a_password() {
  const auto read = [](const char* prompt) {
    std::string line;
    termios before{};
    const bool asks = ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (asks) {
      auto quiet = before;
      quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
      std::cerr << prompt << std::flush;
    }
    std::getline(std::cin, line);
    if (asks) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
      std::cerr << '\n';
    }
    return line;
  };
  const auto password = read("password: ");
  if (password.size() < 8) return fail(bad_input("a password has at least 8 characters"));
  if (::isatty(STDIN_FILENO) == 1 && read("again: ") != password)
    return fail(bad_input("the two are not the same"));
  std::cout << operation::hash_of_password(password) << '\n';
  return nodes::exit_ok;
}

int show_page(const context& cli) {
  auto client = cli.client();
  const auto got = client.ask<pong>(ping{"page"});
  if (!got) return fail(got.error());
  std::ifstream address(cli.data + "/page.address"), token(cli.data + "/page.token");
  std::string where, secret;
  address >> where;
  token >> secret;
  if (where.empty())
    return fail({trouble_code::not_found,
                 "the node with " + cli.data +
                     " serves no page; start it with --http 127.0.0.1:9808, or name its --data"});
  std::cout << where << (secret.empty() ? "/" : "/#token=" + secret) << '\n';
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
