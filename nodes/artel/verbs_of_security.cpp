// Verbs about keys and the audit log.
#include "nodes/artel/command_line.hpp"

namespace artel::cli {

void command_line::add_security_verbs() {
  auto* to = app_.add_subcommand("keys", "keys of nodes and users: new, show, password");
  to->require_subcommand(1);
  auto* fresh = to->add_subcommand("new", "make one: NAME.key (secret) and NAME.pub");
  fresh->callback([this] { chosen_ = [this] { return new_key(cli_, node_, out_); }; });
  fresh->add_option("name", node_, "of the node or user, as in the access file")->required();
  fresh->add_option("-o,--out", out_, "folder to write to")->capture_default_str();
  auto* shown = to->add_subcommand("show", "the public key in a key file, for the access file");
  shown->callback([this] { chosen_ = [this] { return show_key(node_); }; });
  shown->add_option("file", node_, "a .key or .pub file")->required();

  auto* hash = to->add_subcommand("password", "the hash of a password, for the access file");
  hash->callback([this] { chosen_ = [this] { return hash_a_password(); }; });
  verb("page", "the address of the page of a node on this host, with the token that opens it",
       [this] { return show_page(cli_); });

  auto* log = verb("audit", "who has asked for which change, from where, and the answer",
                   [this] { return audit(cli_, audit_limit_, by_); });
  log->add_option("-n,--limit", audit_limit_, "at most so many, the newest")
      ->capture_default_str()
      ->check(CLI::Range(1U, audit_listed_max));
  log->add_option("--by", by_, "only of this user");
}

}  // namespace artel::cli
