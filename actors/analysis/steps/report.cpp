#include "actors/analysis/steps/report.hpp"

#include <map>

namespace artel::analysis {
namespace {

std::string russian_word(std::string_view word) {
  static const std::map<std::string, std::string, std::less<>> words = {
      {"Configuration", "Конфигурация"},
      {"Form", "Форма"},
      {"Command", "Команда"},
      {"Template", "Макет"},
      {"Recalculation", "Перерасчет"},
      {"Module", "Модуль"},
      {"FormModule", "МодульФормы"},
      {"ObjectModule", "МодульОбъекта"},
      {"ManagerModule", "МодульМенеджера"},
      {"CommandModule", "МодульКоманды"},
      {"RecordSetModule", "МодульНабораЗаписей"},
      {"ValueManagerModule", "МодульМенеджераЗначения"},
      {"WebServiceModule", "Модуль"},
      {"HTTPServiceModule", "Модуль"},
      {"SessionModule", "МодульСеанса"},
      {"ManagedApplicationModule", "МодульПриложения"},
      {"OrdinaryApplicationModule", "МодульОбычногоПриложения"},
      {"ExternalConnectionModule", "МодульВнешнегоСоединения"}};
  if (const auto found = words.find(word); found != words.end()) return found->second;
  const auto kind = kind_of_singular(word);
  return kind ? std::string(all_kinds()[*kind].russian_singular) : std::string(word);
}

}  // namespace

void write_head(json_writer& out, const configuration_info& configuration) {
  out.field("schema_version", schema_version);
  out.field("config_name", configuration.name);
  out.key("generator").object();
  out.field("name", "artel");
  out.field("version", "0.1.0");
  out.end();
  out.key("source").object();
  out.field("root", configuration.root);
  out.field("layout", configuration.layout);
  out.field("format_version", configuration.format_version);
  out.end();
}

step_result headline(std::initializer_list<std::pair<const char*, headline_value>> values) {
  std::string made = "{";
  for (const auto& [name, value] : values) {
    if (made.size() > 1) made += ',';
    append_json_text(made, name);
    made += ':';
    if (const auto* number = std::get_if<std::uint64_t>(&value))
      made += std::to_string(*number);
    else if (const auto* real = std::get_if<double>(&value))
      made += std::to_string(*real);
    else if (const auto* flag = std::get_if<bool>(&value))
      made += *flag ? "true" : "false";
    else
      append_json_text(made, std::get<std::string>(value));
  }
  return made + "}";
}

std::string value_of(const step_input& input, const char* key) {
  const auto found = input.with.find(key);
  return found == input.with.end() ? "" : found->second;
}

outcome<bool> flag_of(const step_input& input, const char* key) {
  const auto value = value_of(input, key);
  if (value.empty() || value == "false") return false;
  if (value == "true") return true;
  return bad_input(std::string(key) + " is '" + value + "'; expected true or false");
}

outcome<snapshot> open_published(const step_input& input, step_monitor& monitor) {
  if (input.output.empty())
    return bad_input(
        "this step reads what the parse step published, but it was given no output folder; run it "
        "in a "
        "pipeline behind edt.parse");
  return snapshot::open(input.output, [&] { return monitor.cancelled(); });
}

void progress_part(step_monitor& monitor, const model& all, unsigned part, unsigned parts,
                   std::string_view text) {
  std::uint64_t bytes = 0;
  for (const auto& each : all.modules) bytes += each.text_size;
  monitor.progress(bytes * part / parts, bytes, text);
}

trouble cancelled_trouble(const char* step) {
  return {trouble_code::cancelled,
          std::string(step) + " was cancelled; nothing of it is published"};
}

std::string with_line_feeds(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      made += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      made += '\n';
  }
  return made;
}

std::string russian_id(std::string_view id) {
  // Words and names take turns: Catalog.Goods.Form.List.FormModule; the configuration's modules
  // have no name between.
  std::string made;
  bool word = true;
  for (bool more = true; more;) {
    const auto dot = id.find('.');
    const auto piece = id.substr(0, dot);
    more = dot != std::string_view::npos;
    id.remove_prefix(more ? dot + 1 : id.size());
    made += word ? russian_word(piece) : std::string(piece);
    if (more) made += '.';
    word = !word || piece == "Configuration";
  }
  return made;
}

std::string russian_module_type(std::string_view type) {
  if (type == "CommonModule") return "ОбщийМодуль";
  if (type == "WebServiceModule") return "МодульWebСервиса";
  if (type == "HTTPServiceModule") return "МодульHTTPСервиса";
  return russian_word(type);
}

std::string_view best_text(const localized& texts) {
  for (const auto* language : {"ru", "en"})
    if (const auto found = texts.find(language); found != texts.end()) return found->second;
  return texts.empty() ? std::string_view{} : std::string_view(texts.begin()->second);
}

}  // namespace artel::analysis
