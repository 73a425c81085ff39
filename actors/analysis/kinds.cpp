#include "actors/analysis/kinds.hpp"

#include <unordered_map>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr kind_names kinds[] = {
    {"AccountingRegister", "AccountingRegisters", "РегистрБухгалтерии", "РегистрыБухгалтерии"},
    {"AccumulationRegister", "AccumulationRegisters", "РегистрНакопления", "РегистрыНакопления"},
    {"Bot", "Bots", "Бот", "Боты"},
    {"BusinessProcess", "BusinessProcesses", "БизнесПроцесс", "БизнесПроцессы"},
    {"CalculationRegister", "CalculationRegisters", "РегистрРасчета", "РегистрыРасчета"},
    {"Catalog", "Catalogs", "Справочник", "Справочники"},
    {"ChartOfAccounts", "ChartsOfAccounts", "ПланСчетов", "ПланыСчетов"},
    {"ChartOfCalculationTypes", "ChartsOfCalculationTypes", "ПланВидовРасчета",
     "ПланыВидовРасчета"},
    {"ChartOfCharacteristicTypes", "ChartsOfCharacteristicTypes", "ПланВидовХарактеристик",
     "ПланыВидовХарактеристик"},
    {"CommandGroup", "CommandGroups", "ГруппаКоманд", "ГруппыКоманд"},
    {"CommonAttribute", "CommonAttributes", "ОбщийРеквизит", "ОбщиеРеквизиты"},
    {"CommonCommand", "CommonCommands", "ОбщаяКоманда", "ОбщиеКоманды"},
    {"CommonForm", "CommonForms", "ОбщаяФорма", "ОбщиеФормы"},
    {"CommonModule", "CommonModules", "ОбщийМодуль", "ОбщиеМодули"},
    {"CommonPicture", "CommonPictures", "ОбщаяКартинка", "ОбщиеКартинки"},
    {"CommonTemplate", "CommonTemplates", "ОбщийМакет", "ОбщиеМакеты"},
    {"Constant", "Constants", "Константа", "Константы"},
    {"DataProcessor", "DataProcessors", "Обработка", "Обработки"},
    {"DefinedType", "DefinedTypes", "ОпределяемыйТип", "ОпределяемыеТипы"},
    {"DocumentJournal", "DocumentJournals", "ЖурналДокументов", "ЖурналыДокументов"},
    {"DocumentNumerator", "DocumentNumerators", "НумераторДокументов", "НумераторыДокументов"},
    {"Document", "Documents", "Документ", "Документы"},
    {"Enum", "Enums", "Перечисление", "Перечисления"},
    {"EventSubscription", "EventSubscriptions", "ПодпискаНаСобытие", "ПодпискиНаСобытия"},
    {"ExchangePlan", "ExchangePlans", "ПланОбмена", "ПланыОбмена"},
    {"ExternalDataProcessor", "ExternalDataProcessors", "ВнешняяОбработка", "ВнешниеОбработки"},
    {"ExternalReport", "ExternalReports", "ВнешнийОтчет", "ВнешниеОтчеты"},
    {"ExternalDataSource", "ExternalDataSources", "ВнешнийИсточникДанных",
     "ВнешниеИсточникиДанных"},
    {"FilterCriterion", "FilterCriteria", "КритерийОтбора", "КритерииОтбора"},
    {"FunctionalOption", "FunctionalOptions", "ФункциональнаяОпция", "ФункциональныеОпции"},
    {"FunctionalOptionsParameter", "FunctionalOptionsParameters", "ПараметрФункциональныхОпций",
     "ПараметрыФункциональныхОпций"},
    {"HTTPService", "HTTPServices", "HTTPСервис", "HTTPСервисы"},
    {"InformationRegister", "InformationRegisters", "РегистрСведений", "РегистрыСведений"},
    {"IntegrationService", "IntegrationServices", "СервисИнтеграции", "СервисыИнтеграции"},
    {"Interface", "Interfaces", "Интерфейс", "Интерфейсы"},
    {"Language", "Languages", "Язык", "Языки"},
    {"PaletteColor", "PaletteColors", "ЦветПалитры", "ЦветаПалитры"},
    {"Report", "Reports", "Отчет", "Отчеты"},
    {"Role", "Roles", "Роль", "Роли"},
    {"ScheduledJob", "ScheduledJobs", "РегламентноеЗадание", "РегламентныеЗадания"},
    {"Sequence", "Sequences", "Последовательность", "Последовательности"},
    {"SessionParameter", "SessionParameters", "ПараметрСеанса", "ПараметрыСеанса"},
    {"SettingsStorage", "SettingsStorages", "ХранилищеНастроек", "ХранилищаНастроек"},
    {"StyleItem", "StyleItems", "ЭлементСтиля", "ЭлементыСтиля"},
    {"Style", "Styles", "Стиль", "Стили"},
    {"Subsystem", "Subsystems", "Подсистема", "Подсистемы"},
    {"Task", "Tasks", "Задача", "Задачи"},
    {"WebService", "WebServices", "WebСервис", "WebСервисы"},
    {"WebSocketClient", "WebSocketClients", "WebSocketКлиент", "WebSocketКлиенты"},
    {"WSReference", "WSReferences", "WSСсылка", "WSСсылки"},
    {"XDTOPackage", "XDTOPackages", "ПакетXDTO", "ПакетыXDTO"},
};

// Endings that turn a kind into one of its types.
constexpr std::string_view russian_endings[] = {"",
                                                "Ссылка",
                                                "Объект",
                                                "Менеджер",
                                                "Выборка",
                                                "Список",
                                                "НаборЗаписей",
                                                "Запись",
                                                "МенеджерЗаписи",
                                                "КлючЗаписи",
                                                "МенеджерЗначения",
                                                "ТочкаМаршрутаСсылка",
                                                "ВидыСубконто",
                                                "ВедущиеВидыРасчета",
                                                "БазовыеВидыРасчета"};
constexpr std::string_view english_endings[] = {"",
                                                "Ref",
                                                "Object",
                                                "Manager",
                                                "Selection",
                                                "List",
                                                "RecordSet",
                                                "Record",
                                                "RecordManager",
                                                "RecordKey",
                                                "ValueManager",
                                                "RoutePointRef",
                                                "ExtDimensionTypes",
                                                "LeadingCalculationTypes",
                                                "BaseCalculationTypes"};

using word_map = std::unordered_map<std::string, kind_index>;

std::optional<kind_index> find(const word_map& in, std::string_view word) {
  const auto found = in.find(fold(word));
  if (found == in.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::span<const kind_names> all_kinds() { return kinds; }

std::optional<kind_index> kind_of_singular(std::string_view singular) {
  for (kind_index i = 0; i < std::size(kinds); ++i)
    if (kinds[i].singular == singular) return i;
  return std::nullopt;
}

std::optional<kind_index> kind_of_plural(std::string_view plural) {
  static const auto map = [] {
    word_map made;
    for (kind_index i = 0; i < std::size(kinds); ++i) made.emplace(fold(kinds[i].plural), i);
    return made;
  }();
  return find(map, plural);
}

std::optional<kind_index> kind_of_collection(std::string_view word) {
  static const auto map = [] {
    word_map made;
    for (kind_index i = 0; i < std::size(kinds); ++i) {
      made.emplace(fold(kinds[i].plural), i);
      made.emplace(fold(kinds[i].russian_plural), i);
    }
    made.emplace("библиотекакартинок", *kind_of_singular("CommonPicture"));
    made.emplace("picturelib", *kind_of_singular("CommonPicture"));
    return made;
  }();
  return find(map, word);
}

std::optional<kind_index> kind_of_word(std::string_view word) {
  static const auto map = [] {
    word_map made;
    for (kind_index i = 0; i < std::size(kinds); ++i) {
      for (const auto ending : russian_endings)
        made.emplace(fold(std::string(kinds[i].russian_singular) + std::string(ending)), i);
      for (const auto ending : english_endings)
        made.emplace(fold(std::string(kinds[i].singular) + std::string(ending)), i);
    }
    return made;
  }();
  return find(map, word);
}

std::string object_id(kind_index kind, std::string_view name) {
  return std::string(kinds[kind].singular) + "." + std::string(name);
}

}  // namespace artel::analysis
