#include "actors/training/features/method_record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/training/data/features.hpp"

namespace artel::training {
namespace {

/// Kinds of metadata objects that code works with, as ids begin.
constexpr std::string_view object_kinds[] = {"AccountingRegister",
                                             "AccumulationRegister",
                                             "BusinessProcess",
                                             "CalculationRegister",
                                             "Catalog",
                                             "ChartOfAccounts",
                                             "ChartOfCalculationTypes",
                                             "ChartOfCharacteristicTypes",
                                             "Constant",
                                             "DataProcessor",
                                             "Document",
                                             "DocumentJournal",
                                             "Enum",
                                             "ExchangePlan",
                                             "InformationRegister",
                                             "Report",
                                             "Sequence",
                                             "SessionParameter",
                                             "Task"};

bool is_object(const std::string& id) {
  const auto dot = id.find('.');
  return dot != std::string::npos && std::find(std::begin(object_kinds), std::end(object_kinds),
                                               id.substr(0, dot)) != std::end(object_kinds);
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  if (what.empty()) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

method_record method_from(const nlohmann::json& row) {
  method_record made;
  const auto& context = row.at("context");
  made.id = row.at("id").get<std::string>();
  made.kind = row.at("kind").get<std::string>();
  made.module_type = context.at("module_type").get<std::string>();
  made.object_type = context.at("object_type").get<std::string>();
  made.object = row.at("object_id").get<std::string>();
  made.module = row.at("path").get<std::string>();
  made.directive = row.at("directive").get<std::string>();
  made.region = row.at("region").get<std::string>();
  made.split = row.at("split").get<std::string>();
  made.name = row.at("function_name").get<std::string>();
  made.signature = row.at("signature").get<std::string>();
  made.doc = row.at("doc").get<std::string>();
  made.code = row.at("code").get<std::string>();
  made.parameters = row.at("parameters").get<std::vector<std::string>>();
  made.calls = row.at("calls").get<std::vector<std::string>>();
  for (const auto& each : row.at("api_usage"))
    if (auto id = each.get<std::string>(); is_object(id)) made.objects.push_back(std::move(id));
  made.exported = row.at("is_export").get<bool>();
  made.cyclomatic = row.at("cyclomatic").get<double>();
  made.cognitive = row.at("cognitive").get<double>();
  made.statements = row.at("statements").get<double>();
  made.nesting = row.at("max_nesting").get<double>();
  made.queries = static_cast<double>(row.at("queries").size());
  made.tables = static_cast<double>(row.at("tables").size());
  const auto& about = context.at("object_metadata");
  made.attributes = about.value("attributes", 0.0);
  made.sections = about.value("tabular_sections", 0.0);
  return made;
}

std::string body_of(const method_record& of) {
  auto code = of.code;
  if (const auto at = code.find(of.signature); !of.signature.empty() && at != std::string::npos)
    code.erase(0, at + of.signature.size());
  if (const auto end = code.find_last_of('\n'); end != std::string::npos) code.resize(end);
  std::string body;
  for (std::size_t at = 0; at < code.size();) {
    const auto end = std::min(code.find('\n', at), code.size());
    auto line = code.substr(at, end - at);
    if (const auto comment = line.find("//"); comment != std::string::npos) line.resize(comment);
    body += line + "\n";
    at = end + 1;
  }
  replace_all(body, of.name, "_");
  return body;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> made;
  each_word(text, [&](std::string_view word) { made.emplace_back(word); });
  return made;
}

}  // namespace artel::training
