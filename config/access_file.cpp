#include "config/access_file.hpp"

#include <algorithm>
#include <set>

#include "config/yaml_reader.hpp"
#include "messages/spelling.hpp"

namespace artel::config {
namespace {

constexpr std::size_t key_length = 40;
constexpr std::string_view key_letters =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

class access_reader {
public:
  explicit access_reader(const std::string& file) : in_(file), file_(file) {}

  access_list read(const std::string& text) {
    const auto root = in_.parse(text);
    if (root.IsNull())
      throw yaml_mistake{file_ + ": holds nothing; to allow nobody, write 'users: {}'"};
    in_.keys(root, "the access file", {"nodes", "users"},
             [&](const auto& what, const auto&, const auto& value) {
               if (value.IsNull()) return;
               in_.each_key(value, what, [&](const auto& name, const auto& at, const auto& given) {
                 in_.check_name(at, plain(name), what);
                 what == "nodes" ? add_node(name, given) : add_user(name, given);
               });
             });
    return std::move(made_);
  }

private:
  /// Names of nodes and users may have an @, as user@host.
  static std::string plain(std::string name) {
    std::replace(name.begin(), name.end(), '@', '-');
    return name;
  }

  std::string key_in(const YAML::Node& value, const std::string& what) {
    auto key = in_.text(value, what);
    if (!is_key(key))
      in_.mistake(value, what +
                             ": expected a public key (40 characters, as 'artel keys show' "
                             "prints it, in single quotes)");
    if (!met_.insert(key).second)
      in_.mistake(value, what + ": this key stands here twice; every node and user needs its own");
    return key;
  }

  void add_node(const std::string& name, const YAML::Node& value) {
    made_.nodes[key_in(value, "nodes." + name)] = name;
  }

  void add_user(const std::string& name, const YAML::Node& value) {
    allowed_user made{name, user_role::viewer};
    std::string key, password;
    const auto what = "users." + name;
    in_.keys(value, what, {"key", "role", "password"},
             [&](const auto& part, const auto&, const auto& given) {
               if (part == "key") key = key_in(given, what + ".key");
               if (part == "role") made.role = role_in(given, what + ".role");
               if (part == "password") password = password_in(given, what + ".password");
             });
    if (key.empty() && password.empty())
      in_.mistake(value, what + ": has neither a key nor a password");
    if (!password.empty()) made_.page[name] = {made.role, std::move(password)};
    if (!key.empty()) made_.users[key] = std::move(made);
  }

  std::string password_in(const YAML::Node& value, const std::string& what) const {
    auto hash = in_.text(value, what);
    if (!hash.starts_with("$argon2id$") || hash.size() > 127)
      in_.mistake(value, what +
                             ": expected the hash of a password, as 'artel keys password' prints "
                             "it, in single quotes");
    return hash;
  }

  user_role role_in(const YAML::Node& value, const std::string& what) const {
    const auto word = in_.text(value, what);
    const auto found = std::find(std::begin(user_role_names), std::end(user_role_names), word);
    if (found == std::end(user_role_names))
      in_.mistake(value, what + ": expected viewer, operator or admin, found '" + word + "'" +
                             did_you_mean(word, user_role_names));
    return static_cast<user_role>(found - std::begin(user_role_names));
  }

  yaml_reader in_;
  std::string file_;
  access_list made_;
  std::set<std::string> met_;
};

}  // namespace

bool is_key(const std::string& text) {
  if (text.size() != key_length) return false;
  // Five letters are four bytes: not all that five letters can say.
  for (std::size_t i = 0; i < text.size(); i += 5) {
    std::uint64_t number = 0;
    for (const char each : text.substr(i, 5)) {
      const auto digit = key_letters.find(each);
      if (digit == key_letters.npos) return false;
      number = number * key_letters.size() + digit;
    }
    if (number > 0xffff'ffff) return false;
  }
  return true;
}

outcome<access_list> read_access(const std::string& text, const std::string& file) {
  try {
    return access_reader(file).read(text);
  } catch (const yaml_mistake& e) {
    return bad_input(e.text);
  }
}

}  // namespace artel::config
