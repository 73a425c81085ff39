// artel completion: a script for the shell, made of the verbs and options that there are.
#include "nodes/artel/completion.hpp"

#include <iostream>

namespace artel::cli {
namespace {

using app_list = std::vector<const CLI::App*>;

app_list verbs_of(const CLI::App& of) {
  return of.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); });
}

std::string options_of(const CLI::App& of) {
  std::string all;
  for (const auto* each : of.get_options())
    for (const auto& name : each->get_lnames()) all += (all.empty() ? "--" : " --") + name;
  return all;
}

/// Every verb with what may follow it: "alerts" → "rules check … --all".
std::vector<std::pair<std::string, std::string>> words_of(const CLI::App& root) {
  std::vector<std::pair<std::string, std::string>> made;
  const auto global = options_of(root);
  for (const auto* verb : verbs_of(root)) {
    std::string words;
    for (const auto* each : verbs_of(*verb)) {
      words += each->get_name() + " ";
      made.emplace_back(verb->get_name() + " " + each->get_name(),
                        options_of(*each) + " " + global);
    }
    made.emplace_back(verb->get_name(), words + options_of(*verb) + " " + global);
  }
  return made;
}

std::string names_of(const CLI::App& root) {
  std::string all;
  for (const auto* each : verbs_of(root)) all += (all.empty() ? "" : " ") + each->get_name();
  return all;
}

std::string bash_script(const CLI::App& root) {
  std::string made =
      "_artel_words() {\n  local word=${COMP_WORDS[COMP_CWORD]} verb= second= words= i\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case ${COMP_WORDS[i]} in -*) continue ;; esac\n"
      "    if [ -z \"$verb\" ]; then verb=${COMP_WORDS[i]}; "
      "elif [ -z \"$second\" ]; then second=${COMP_WORDS[i]}; fi\n  done\n"
      "  case \"$verb $second\" in\n    ' ') words='" +
      names_of(root) + " " + options_of(root) + "' ;;\n";
  for (const auto& [verb, words] : words_of(root))
    made += "    '" + verb + (verb.find(' ') == verb.npos ? " '*" : "'") + ") words='" + words +
            "' ;;\n";
  return made +
         "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "  [ -n \"$verb\" ] && [ ${#COMPREPLY[@]} = 0 ] && COMPREPLY=($(compgen -f -- "
         "\"$word\"))\n"
         "}\ncomplete -o filenames -F _artel_words artel\n";
}

std::string quoted(const std::string& text) {
  std::string made;
  for (const char each : text) made += each == '\'' ? std::string("\\'") : std::string(1, each);
  return "'" + made + "'";
}

std::string fish_script(const CLI::App& root) {
  std::string made;
  for (const auto* verb : verbs_of(root)) {
    made += "complete -c artel -n __fish_use_subcommand -a " + verb->get_name() + " -d " +
            quoted(verb->get_description()) + "\n";
    const auto in = " -n '__fish_seen_subcommand_from " + verb->get_name() + "'";
    for (const auto* each : verbs_of(*verb))
      made += "complete -c artel" + in + " -a " + each->get_name() + " -d " +
              quoted(each->get_description()) + "\n";
    for (const auto* each : verb->get_options())
      for (const auto& name : each->get_lnames())
        made += "complete -c artel" + in + " -l " + name + " -d " +
                quoted(each->get_description()) + "\n";
  }
  return made;
}

}  // namespace

int print_completion(const CLI::App& root, const std::string& shell) {
  if (shell == "fish")
    std::cout << fish_script(root);
  else if (shell == "bash")
    std::cout << bash_script(root);
  else  // zsh loads it at the first completion, as a function _artel, which has to complete at once
    std::cout << "#compdef artel\nautoload -U +X bashcompinit && bashcompinit\n"
              << bash_script(root)
              << "[[ ${funcstack[1]} = _artel ]] && _bash_complete -o filenames -F _artel_words\n"
                 "true\n";
  return 0;
}

}  // namespace artel::cli
