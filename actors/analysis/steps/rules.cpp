#include "actors/analysis/steps/rules.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/steps/token_rules.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::array rules = {
    rule{"syntax-error", "blocker", "Синтаксическая ошибка", "Syntax error", 0},
    rule{"empty-except", "critical", "Пустой блок «Исключение»", "Empty Except block", 499},
    rule{"missing-export-doc", "minor", "Нет описания экспортного метода",
         "Export method without documentation", 453},
    rule{"cyclomatic-complexity", "critical", "Цикломатическая сложность выше 20",
         "Cyclomatic complexity above 20", 0},
    rule{"cognitive-complexity", "critical", "Когнитивная сложность выше 15",
         "Cognitive complexity above 15", 0},
    rule{"method-too-long", "major", "Слишком длинный метод", "Method is too long", 0},
    rule{"deep-nesting", "major", "Слишком глубокая вложенность", "Nesting is too deep", 0},
    rule{"too-many-parameters", "minor", "Слишком много параметров", "Too many parameters", 640},
    rule{"query-in-loop", "critical", "Запрос в цикле", "Query inside a loop", 436},
    rule{"hard-coded-credentials", "critical", "Пароль или ключ в тексте модуля",
         "Credentials in code", 740},
    rule{"deprecated-call", "major", "Вызов устаревшего метода", "Call of a deprecated method", 0},
    rule{"commented-code", "minor", "Закомментированный код", "Commented-out code", 456},
    rule{"unused-parameter", "minor", "Неиспользуемый параметр", "Unused parameter", 640},
    rule{"unclosed-region", "minor", "Область не закрыта", "Region is not closed", 455},
    rule{"missing-regions", "info", "Модуль не разделён на области", "Module has no regions", 455},
    rule{"select-all-fields", "minor", "Выборка всех полей (*)", "Query selects all fields (*)", 0},
    rule{"dynamic-code", "major", "Выполнение кода из текста", "Code run from text", 669},
    rule{"transaction-without-try", "critical", "Транзакция без «Попытки»",
         "Transaction without Try", 783},
    rule{"message-to-user", "minor", "Использование метода «Сообщить»", "Use of Message()", 418},
    rule{"goto-statement", "major", "Использование оператора «Перейти»", "Use of Goto", 0},
    rule{"empty-method", "info", "Пустой метод", "Empty method", 0},
};

bool is_any(std::string_view name, std::initializer_list<std::string_view> of) {
  return std::any_of(of.begin(), of.end(),
                     [name](std::string_view each) { return same_name(name, each); });
}

/// Finds in one module; keeps what is shared between modules.
class inspector {
public:
  explicit inspector(const model_index& index) : index_(index), all_(index.contents()) {
    for (std::uint32_t i = 0; i < all_.modules.size(); ++i) {
      const auto text = index.text(all_.modules[i]);
      for (std::uint32_t m = 0; m < all_.modules[i].syntax.methods.size(); ++m) {
        const auto doc = all_.modules[i].syntax.methods[m].doc.in(text);
        if (!doc.empty() && bsl::parse_doc_comment(doc).is_deprecated) deprecated_.insert({i, m});
      }
    }
  }

  void inspect(std::uint32_t module, std::vector<finding>& to) {
    to_ = &to;
    module_ = module;
    text_ = index_.text(all_.modules[module]);
    const auto first = to.size();
    whole_module();
    const auto& methods = all_.modules[module].syntax.methods;
    for (std::uint32_t m = 0; m < methods.size(); ++m) {
      measures(m, methods[m]);
      calls(m, methods[m]);
      lexemes(m, methods[m]);
    }
    for (const auto line : commented_code(text_, documentation_lines()))
      add(rule_id::commented_code, no_method, line, line);
    std::stable_sort(to.begin() + static_cast<std::ptrdiff_t>(first), to.end(),
                     [](const auto& a, const auto& b) {
                       return std::tie(a.line_start, a.which) < std::tie(b.line_start, b.which);
                     });
  }

private:
  void add(rule_id which, std::uint32_t method, std::uint32_t from, std::uint32_t to,
           std::string ru = {}, std::string en = {}) {
    to_->push_back({which, module_, method, from, to, std::move(ru), std::move(en)});
  }

  void number(rule_id which, std::uint32_t m, const bsl::method& method, std::uint64_t value) {
    add(which, m, method.line_start, method.signature_line_end, std::to_string(value),
        std::to_string(value));
  }

  /// Examples in documentation are meant to be code.
  std::vector<bsl::span> documentation_lines() const {
    std::vector<bsl::span> found;
    for (const auto& each : all_.modules[module_].syntax.methods)
      if (!each.doc.empty()) found.push_back(each.doc);
    return found;
  }

  void whole_module() {
    const auto& syntax = all_.modules[module_].syntax;
    for (const auto& each : syntax.errors)
      add(rule_id::syntax_error, no_method, each.line, each.line, each.message, each.message);
    for (const auto& each : syntax.regions)
      if (each.line_end == 0)
        add(rule_id::unclosed_region, no_method, each.line_start, each.line_start,
            std::string(each.name.in(text_)), std::string(each.name.in(text_)));
    if (syntax.regions.empty() && syntax.counts.lines > lines_without_regions_max &&
        !syntax.methods.empty())
      add(rule_id::missing_regions, no_method, 1, 1);
  }

  void measures(std::uint32_t m, const bsl::method& method) {
    const auto& measure = method.metrics;
    const auto lines = method.line_end - method.line_start + 1;
    if (measure.empty_excepts > 0) number(rule_id::empty_except, m, method, measure.empty_excepts);
    if (method.exported && method.doc.empty() && documents_exports())
      add(rule_id::missing_export_doc, m, method.line_start, method.signature_line_end);
    if (measure.cyclomatic > cyclomatic_max)
      number(rule_id::cyclomatic_complexity, m, method, measure.cyclomatic);
    if (measure.cognitive > cognitive_max)
      number(rule_id::cognitive_complexity, m, method, measure.cognitive);
    if (lines > method_lines_max) number(rule_id::method_too_long, m, method, lines);
    if (measure.max_nesting > nesting_max)
      number(rule_id::deep_nesting, m, method, measure.max_nesting);
    if (method.parameters.size() > parameters_max)
      number(rule_id::too_many_parameters, m, method, method.parameters.size());
    if (measure.statements == 0 && trimmed(method.body.in(text_)).empty())
      add(rule_id::empty_method, m, method.line_start, method.line_end);
  }

  // Exports of forms and objects are called by the platform or are declared for it; modules and
  // managers are interfaces.
  bool documents_exports() const {
    const auto& type = all_.modules[module_].module_type;
    return type == "CommonModule" || type == "ManagerModule";
  }

  void calls(std::uint32_t m, const bsl::method& method) {
    for (const auto& each : all_.modules[module_].syntax.calls_of(method)) {
      const auto name = each.name.in(text_);
      const auto qualifier = each.qualifier.in(text_);
      if (each.loops > 0 &&
          is_any(name, {"Выполнить", "Execute", "ВыполнитьПакет", "ExecuteBatch"}) &&
          is_query(qualifier))
        add(rule_id::query_in_loop, m, each.line, each.line, std::string(qualifier),
            std::string(qualifier));
      if (qualifier.empty() && is_any(name, {"Вычислить", "Eval"}))
        add(rule_id::dynamic_code, m, each.line, each.line);
      if (qualifier.empty() && is_any(name, {"Сообщить", "Message"}) &&
          !index_.method(module_, name))
        add(rule_id::message_to_user, m, each.line, each.line);
      if (qualifier.empty() && method.metrics.tries == 0 &&
          is_any(name, {"НачатьТранзакцию", "BeginTransaction"}))
        add(rule_id::transaction_without_try, m, each.line, each.line);
      const auto target = index_.target(module_, each);
      if (target && deprecated_.contains(*target) && !deprecated_.contains({module_, m}))
        add(rule_id::deprecated_call, m, each.line, each.line, index_.method_id(*target),
            index_.method_id(*target));
    }
    for (const auto& each : all_.modules[module_].syntax.queries_of(method))
      if (selects_all_fields(each.literal.in(text_)))
        add(rule_id::select_all_fields, m, each.line, each.line);
  }

  static bool is_query(std::string_view qualifier) {
    const auto folded = fold(qualifier);
    return folded.find("запрос") != std::string::npos || folded.find("query") != std::string::npos;
  }

  void lexemes(std::uint32_t m, const bsl::method& method) {
    const auto body = method.body.in(text_);
    const auto first_line = method.signature_line_end;
    for (const auto& each : look_at_lexemes(body)) {
      const auto line = first_line + each.line - 1;
      add(each.which, m, line, line, each.detail, each.detail);
    }
    // Methods that others or the platform call by contract take what they are given; private
    // methods of common modules choose their parameters themselves.
    if (method.exported || all_.modules[module_].module_type != "CommonModule" ||
        method.metrics.statements == 0)
      return;
    std::vector<std::string> names;
    const auto parameters = all_.modules[module_].syntax.parameters_of(method);
    for (const auto& each : parameters) names.push_back(fold(each.name.in(text_)));
    for (const auto unused : unused_names(body, names)) {
      const auto name = std::string(parameters[unused].name.in(text_));
      add(rule_id::unused_parameter, m, method.line_start, method.signature_line_end, name, name);
    }
  }

  const model_index& index_;
  const model& all_;
  std::set<method_place> deprecated_;
  std::vector<finding>* to_ = nullptr;
  std::uint32_t module_ = 0;
  std::string_view text_;
};

}  // namespace

std::span<const rule> all_rules() { return rules; }
const rule& rule_of(rule_id id) { return rules[static_cast<std::size_t>(id)]; }

std::string standard_url(const rule& which) {
  if (which.standard == 0) return "";
  return "https://its.1c.ru/db/v8std#content:" + std::to_string(which.standard) + ":hdoc";
}

std::vector<finding> find_all(const model_index& index,
                              const std::function<bool(std::uint32_t)>& go_on) {
  std::vector<finding> found;
  inspector look(index);
  for (std::uint32_t i = 0; i < index.contents().modules.size() && go_on(i); ++i)
    look.inspect(i, found);
  return found;
}

}  // namespace artel::analysis
