#include "actors/analysis/rules/rule_list.hpp"

namespace artel::analysis {

std::string rule_list(language in) {
  const bool russian = in == language::russian;
  std::string made = russian
                         ? "| правило | важность | вид | по умолчанию | что находит | стандарт "
                           "| BSL LS | EDT | АПК |\n"
                         : "| rule | severity | type | default | finds | standard | BSL LS | EDT "
                           "| АПК |\n";
  made += "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const auto& each : all_rules()) {
    made += "| `" + std::string(each.id) + "` | " + to_text(each.level) + " | " +
            to_text(each.kind) + " | " + (each.by_default ? "on" : "off") + " | " +
            std::string(title(each, in)) + " | ";
    if (each.standard != 0)
      made += "[" + std::to_string(each.standard) + "](" + standard_url(each) + ")";
    made += " | " + std::string(each.bsl_ls) + " | " + std::string(each.edt) + " | " +
            std::string(each.apk) + " |\n";
  }
  return made;
}

}  // namespace artel::analysis
