#include "actors/analysis/rules/cross_rules.hpp"

#include <algorithm>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/rules/call_arguments.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

bool is_any(std::string_view name, std::initializer_list<std::string_view> of) {
  return std::any_of(of.begin(), of.end(),
                     [name](std::string_view each) { return same_name(name, each); });
}

bool has_note(const bsl::method& method, const bsl::module_syntax& syntax, std::string_view text,
              std::initializer_list<std::string_view> names) {
  const auto notes = syntax.annotations_of(method);
  return std::any_of(notes.begin(), notes.end(),
                     [&](const auto& each) { return is_any(each.name.in(text), names); });
}

// A cheap look before the comment is taken apart.
bool says_deprecated(std::string_view doc) {
  return (doc.find("старе") != std::string_view::npos ||
          doc.find("eprecated") != std::string_view::npos ||
          doc.find("СТАРЕ") != std::string_view::npos) &&
         bsl::parse_doc_comment(doc).is_deprecated;
}

// The method gives the name a value of its own: `Name = `, `For Each Name In`, `Var Name`.
bool is_assigned(std::string_view body, std::string_view name) {
  for (auto at = body.find(name); at != std::string_view::npos; at = body.find(name, at + 1)) {
    auto behind = trimmed(body.substr(at + name.size(), 16));
    const auto before = trimmed(body.substr(at > 24 ? at - 24 : 0, at > 24 ? 24 : at));
    if (behind.starts_with('=') && (before.empty() || before.ends_with(';'))) return true;
    for (const std::string_view word : {"аждого", "Each", "each", "Перем", "Var"})
      if (before.ends_with(word)) return true;
    for (const std::string_view word :
         {"Тогда", "Иначе", "Цикл", "Попытка", "Исключение", "Then", "Else", "Do", "Try", "Except"})
      if (behind.starts_with('=') && before.ends_with(word)) return true;
  }
  return false;
}

std::string handler_key(std::string_view owner, std::string_view method) {
  return std::string(owner) + "|" + fold(method.substr(method.rfind('.') + 1));
}

}  // namespace

cross_rules::cross_rules(const model_index& index) : index_(index), all_(index.contents()) {
  const auto modules = all_.modules.size();
  deprecated_.resize(modules);
  ambiguous_.resize(modules);
  flags_.resize(modules);
  for (std::uint32_t i = 0; i < modules; ++i) {
    const auto text = index.text(all_.modules[i]);
    const auto& methods = all_.modules[i].syntax.methods;
    deprecated_[i].resize(methods.size());
    ambiguous_[i].resize(methods.size());
    for (std::uint32_t m = 0; m < methods.size(); ++m) {
      deprecated_[i][m] = says_deprecated(methods[m].doc.in(text));
      const auto first = index.method(i, methods[m].name.in(text));
      if (first && *first != m) ambiguous_[i][m] = ambiguous_[i][*first] = true;
    }
    flags_[i] = flags_of(i);
  }
  for (const auto& object : all_.objects)
    for (const auto& each : object.links.handlers)
      handlers_.insert(handler_key(object.id, each.method));
}

cross_rules::flags cross_rules::flags_of(std::uint32_t module) const {
  flags made;
  if (all_.modules[module].module_type != "CommonModule") return made;
  const auto owner = index_.owner_of(all_.modules[module]);
  if (!owner) return made;
  const auto& properties = all_.objects[*owner].properties;
  const auto is = [&](const char* name) {
    const auto found = properties.find(name);
    return found != properties.end() && found->second == "true";
  };
  made.known = true;
  // Modules of the server are for the ordinary client as well, by the same standard.
  made.client = is("ClientManagedApplication");
  made.server = is("Server") || is("ExternalConnection");
  made.server_call = is("ServerCall");
  made.global = is("Global");
  made.privileged = is("Privileged");
  const auto reuse = properties.find("ReturnValuesReuse");
  made.cached = reuse != properties.end() && reuse->second != "DontUse";
  return made;
}

bool cross_rules::on_client(std::uint32_t module, const bsl::method& method) const {
  const auto text = index_.text(all_.modules[module]);
  if (has_note(method, all_.modules[module].syntax, text, {"НаКлиенте", "AtClient"})) return true;
  return flags_[module].known && flags_[module].client && !flags_[module].server;
}

bool cross_rules::is_server_method(const method_place& target, std::uint32_t from) const {
  if (target.module != from)
    return flags_[target.module].server_call && !flags_[target.module].client;
  return has_note(index_.method(target), all_.modules[target.module].syntax,
                  index_.text(all_.modules[target.module]),
                  {"НаСервере", "AtServer", "НаСервереБезКонтекста", "AtServerNoContext"});
}

bool cross_rules::is_handler(std::uint32_t module, std::uint32_t method) const {
  const auto& entry = all_.modules[module];
  const auto name = index_.method_name({module, method});
  if (handlers_.contains(handler_key(entry.owner, name))) return true;
  const auto folded = fold(name);
  if (folded.starts_with("подключаемый_") || folded.starts_with("attachable_")) return true;
  if (entry.module_type == "CommonModule") return false;
  // Without the form's description nobody knows which of its methods are handlers.
  if (entry.module_type == "FormModule") {
    const auto owner = index_.owner_of(entry);
    if (!owner) return true;
    const auto& bound = all_.objects[*owner].links.handlers;
    return std::none_of(bound.begin(), bound.end(),
                        [&](const auto& each) { return each.place == entry.place; });
  }
  for (const std::string_view each :
       {"при", "перед", "после", "обработка", "обработать", "установка", "выполн", "проверк", "on",
        "before", "after", "processing", "handle", "setting"})
    if (folded.starts_with(each)) return true;
  for (const std::string_view each : {"processing", "filling", "posting"})
    if (folded.ends_with(each)) return true;  // FormGetProcessing, UndoPosting …
  return entry.owner.starts_with("BusinessProcess.") || entry.module_type != "ManagerModule";
}

void cross_rules::look(std::uint32_t module, std::vector<finding>& to) const {
  const auto& syntax = all_.modules[module].syntax;
  module_name(module, to);
  for (std::uint32_t m = 0; m < syntax.methods.size(); ++m) calls(module, m, syntax.methods[m], to);
  calls(module, no_method, syntax.body, to);
}

void cross_rules::calls(std::uint32_t module, std::uint32_t number, const bsl::method& method,
                        std::vector<finding>& to) const {
  const bool client = on_client(module, method);
  for (const auto& each : all_.modules[module].syntax.calls_of(method)) {
    finding at{rule_id::missing_method, module, number, each.name, each.line, each.line};
    const auto target = index_.target(module, each);
    if (!target) {
      missing(at, each, method, to);
      continue;
    }
    const auto add = [&](rule_id which) {
      at.which = which;
      at.detail = index_.method_id(*target);
      to.push_back(at);
    };
    const bool caller_is_deprecated = number != no_method && deprecated_[module][number];
    if (deprecated_[target->module][target->method] && !caller_is_deprecated)
      add(rule_id::deprecated_call);
    if (client && each.loops > 0 && !flags_[target->module].cached &&
        is_server_method(*target, module))
      add(rule_id::server_call_in_loop);
    if (!ambiguous_[target->module][target->method]) arguments(at, *target, each, to);
  }
}

void cross_rules::arguments(const finding& at, const method_place& target, const bsl::call& call,
                            std::vector<finding>& to) const {
  const auto given = read_arguments(index_.text(all_.modules[at.module]), call.name);
  if (!given.read) return;
  const auto parameters = all_.modules[target.module].syntax.parameters_of(index_.method(target));
  const auto optional = [](const bsl::parameter& each) { return !each.default_value.empty(); };
  std::string detail;
  if (given.filled.size() > parameters.size())
    detail = ": " + std::to_string(given.filled.size()) + " > " + std::to_string(parameters.size());
  const auto text = index_.text(all_.modules[target.module]);
  for (std::size_t i = 0; i < parameters.size() && detail.empty(); ++i)
    if (!optional(parameters[i]) && (i >= given.filled.size() || !given.filled[i]))
      detail = "(" + std::string(parameters[i].name.in(text)) + ")";
  if (detail.empty()) return;
  to.push_back(at);
  to.back().which = rule_id::wrong_argument_count;
  to.back().detail = index_.method_id(target) + detail;
}

// A form's attribute, an object's tabular section: what a name means there before a module.
bool cross_rules::is_own_data(std::uint32_t module, std::string_view name,
                              std::string_view method) const {
  const auto& entry = all_.modules[module];
  if (entry.module_type == "CommonModule" || entry.module_type == "ManagerModule") return false;
  if (entry.module_type == "FormModule")
    return is_any(
        method,
        {"Количество", "Добавить",    "Удалить",          "Очистить",  "Найти",       "Вставить",
         "Получить",   "Сортировать", "Выгрузить",        "Загрузить", "НайтиСтроки", "Индекс",
         "Итог",       "Свойство",    "ПолучитьЭлементы", "Count",     "Add",         "Delete",
         "Clear",      "Find",        "Insert",           "Get",       "Sort",        "Unload",
         "Load",       "FindRows"});
  const auto owner = index_.owner_of(entry);
  if (!owner) return true;
  const auto& parts = all_.objects[*owner].parts;
  const auto has = [&](const auto& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const auto& each) { return same_name(each.name, name); });
  };
  return has(parts.attributes) || has(parts.tabular_sections) || has(parts.dimensions) ||
         has(parts.resources) || has(parts.standard_attributes);
}

void cross_rules::missing(const finding& at, const bsl::call& call, const bsl::method& caller,
                          std::vector<finding>& to) const {
  if (call.qualifier.empty()) return;
  const auto text = index_.text(all_.modules[at.module]);
  const auto qualifier = call.qualifier.in(text);
  if (qualifier.find('.') != std::string_view::npos) return;
  const auto module = index_.common_module(qualifier);
  if (!module || all_.modules[*module].is_protected) return;
  if (!all_.modules[*module].syntax.errors.empty()) return;
  // A borrowed module of an extension has only what the extension adds.
  const auto owner = index_.owner_of(all_.modules[*module]);
  if (owner && all_.objects[*owner].belonging == "Adopted") return;
  const auto given = all_.modules[at.module].syntax.parameters_of(caller);
  const bool is_parameter = std::any_of(given.begin(), given.end(), [&](const auto& each) {
    return same_name(each.name.in(text), qualifier);
  });
  if (is_parameter || is_own_data(at.module, qualifier, call.name.in(text))) return;
  if (is_assigned(caller.body.in(text), qualifier)) return;
  to.push_back(at);
  to.back().which = rule_id::missing_method;
  to.back().detail = model_index::call_name(call, text);
}

void cross_rules::module_name(std::uint32_t module, std::vector<finding>& to) const {
  const auto& entry = all_.modules[module];
  const auto& is = flags_[module];
  if (!is.known) return;
  const auto owner = index_.owner_of(entry);
  if (!owner || all_.objects[*owner].belonging == "Adopted") return;
  const auto name = fold(all_.objects[*owner].name);
  const auto expect = [&](bool when, std::string_view russian, std::string_view english) {
    if (!when || name.find(fold(russian)) != std::string::npos ||
        name.find(fold(english)) != std::string::npos)
      return;
    finding made{rule_id::common_module_name, module, no_method, {0, 0}, 1, 1};
    made.detail = russian;
    to.push_back(std::move(made));
  };
  expect(is.global, "Глобальный", "Global");
  expect(is.client && !is.server && !is.global, "Клиент", "Client");
  expect(is.client && is.server && !is.server_call && !is.global, "КлиентСервер", "ClientServer");
  expect(is.server_call && !is.client, "ВызовСервера", "ServerCall");
  expect(is.cached, "ПовтИсп", "Cached");
  expect(is.privileged, "ПолныеПрава", "FullAccess");
}

}  // namespace artel::analysis
