#include "actors/analysis/rules/words.hpp"

#include <array>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

struct known {
  std::string_view name;
  word what = word::none;
  std::string_view successor = {};
};

constexpr known all[] = {
    {"НачатьТранзакцию", word::begin_transaction},
    {"BeginTransaction", word::begin_transaction},
    {"ЗафиксироватьТранзакцию", word::commit_transaction},
    {"CommitTransaction", word::commit_transaction},
    {"ОтменитьТранзакцию", word::rollback_transaction},
    {"RollbackTransaction", word::rollback_transaction},
    {"ТекущаяДата", word::current_date},
    {"CurrentDate", word::current_date},
    {"Сообщить", word::message},
    {"Message", word::message},
    {"Найти", word::deprecated, "СтрНайти"},
    {"Find", word::deprecated, "StrFind"},
    {"КраткоеПредставлениеОшибки", word::deprecated, "ОбработкаОшибок.КраткоеПредставлениеОшибки"},
    {"BriefErrorDescription", word::deprecated, "ErrorProcessing.BriefErrorDescription"},
    {"ПодробноеПредставлениеОшибки", word::deprecated,
     "ОбработкаОшибок.ПодробноеПредставлениеОшибки"},
    {"DetailErrorDescription", word::deprecated, "ErrorProcessing.DetailErrorDescription"},
    {"ПоказатьИнформациюОбОшибке", word::deprecated, "ОбработкаОшибок.ПоказатьИнформациюОбОшибке"},
    {"ShowErrorInfo", word::deprecated, "ErrorProcessing.ShowErrorInfo"},
    {"УстановитьКраткийЗаголовокПриложения", word::deprecated,
     "КлиентскоеПриложение.УстановитьКраткийЗаголовок"},
    {"SetShortApplicationCaption", word::deprecated, "ClientApplication.SetShortCaption"},
    {"ПолучитьКраткийЗаголовокПриложения", word::deprecated,
     "КлиентскоеПриложение.ПолучитьКраткийЗаголовок"},
    {"GetShortApplicationCaption", word::deprecated, "ClientApplication.GetShortCaption"},
    {"УстановитьЗаголовокКлиентскогоПриложения", word::deprecated,
     "КлиентскоеПриложение.УстановитьЗаголовок"},
    {"SetClientApplicationCaption", word::deprecated, "ClientApplication.SetCaption"},
    {"ПолучитьЗаголовокКлиентскогоПриложения", word::deprecated,
     "КлиентскоеПриложение.ПолучитьЗаголовок"},
    {"GetClientApplicationCaption", word::deprecated, "ClientApplication.GetCaption"},
    {"ОписаниеОшибки", word::error_description},
    {"ErrorDescription", word::error_description},
    {"Вычислить", word::evaluate},
    {"Eval", word::evaluate},
    {"ЗапуститьПриложение", word::start_application},
    {"RunApp", word::start_application},
    {"НачатьЗапускПриложения", word::start_application},
    {"BeginRunningApplication", word::start_application},
    {"ЗапуститьПриложениеАсинх", word::start_application},
    {"RunAppAsync", word::start_application},
    {"КомандаСистемы", word::start_application},
    {"System", word::start_application},
    {"ПолучитьФорму", word::get_form},
    {"GetForm", word::get_form},
    {"Вопрос", word::modal},
    {"DoQueryBox", word::modal},
    {"Предупреждение", word::modal},
    {"DoMessageBox", word::modal},
    {"ОткрытьЗначение", word::modal},
    {"OpenValue", word::modal},
    {"ВвестиДату", word::modal},
    {"InputDate", word::modal},
    {"ВвестиЗначение", word::modal},
    {"InputValue", word::modal},
    {"ВвестиСтроку", word::modal},
    {"InputString", word::modal},
    {"ВвестиЧисло", word::modal},
    {"InputNumber", word::modal},
    {"ОткрытьФормуМодально", word::modal},
    {"OpenFormModal", word::modal},
    {"ПоместитьФайл", word::modal},
    {"PutFile", word::modal},
    {"УстановитьВнешнююКомпоненту", word::synchronous},
    {"InstallAddIn", word::synchronous},
    {"УстановитьРасширениеРаботыСФайлами", word::synchronous},
    {"InstallFileSystemExtension", word::synchronous},
    {"УстановитьРасширениеРаботыСКриптографией", word::synchronous},
    {"InstallCryptoExtension", word::synchronous},
    {"ПодключитьРасширениеРаботыСФайлами", word::synchronous},
    {"AttachFileSystemExtension", word::synchronous},
    {"ПодключитьРасширениеРаботыСКриптографией", word::synchronous},
    {"AttachCryptoExtension", word::synchronous},
    {"КопироватьФайл", word::synchronous},
    {"FileCopy", word::synchronous},
    {"ПереместитьФайл", word::synchronous},
    {"MoveFile", word::synchronous},
    {"НайтиФайлы", word::synchronous},
    {"FindFiles", word::synchronous},
    {"СоздатьКаталог", word::synchronous},
    {"CreateDirectory", word::synchronous},
    {"КаталогДокументов", word::synchronous},
    {"DocumentsDir", word::synchronous},
    {"РабочийКаталогДанныхПользователя", word::synchronous},
    {"UserDataWorkDir", word::synchronous},
    {"ПолучитьФайлы", word::synchronous},
    {"GetFiles", word::synchronous},
    {"ПоместитьФайлы", word::synchronous},
    {"PutFiles", word::synchronous},
    {"ЗапроситьРазрешениеПользователя", word::synchronous},
    {"RequestUserPermission", word::synchronous},
    {"КаталогВременныхФайлов", word::temp_files_dir},
    {"TempFilesDir", word::temp_files_dir},
    {"ПолучитьИмяВременногоФайла", word::temp_file_name},
    {"GetTempFileName", word::temp_file_name},
    {"УдалитьФайлы", word::delete_files},
    {"DeleteFiles", word::delete_files},
    {"ПользователиОС", word::os_users},
    {"OSUsers", word::os_users},
    {"РольДоступна", word::is_in_role},
    {"IsInRole", word::is_in_role},
    {"УстановитьПривилегированныйРежим", word::set_privileged_mode},
    {"SetPrivilegedMode", word::set_privileged_mode},
    {"УстановитьБезопасныйРежим", word::set_safe_mode},
    {"SetSafeMode", word::set_safe_mode},
    {"УстановитьОтключениеБезопасногоРежима", word::set_disable_safe_mode},
    {"SetSafeModeDisabled", word::set_disable_safe_mode},
    {"ЗаписьЖурналаРегистрации", word::write_log_event},
    {"WriteLogEvent", word::write_log_event},
    {"ДанныеФормыВЗначение", word::form_data_to_value},
    {"FormDataToValue", word::form_data_to_value},
    {"НСтр", word::nstr},
    {"NStr", word::nstr},
    {"СтрШаблон", word::str_template},
    {"StrTemplate", word::str_template},
    {"Формат", word::format},
    {"Format", word::format},
    {"Число", word::number},
    {"Number", word::number},
    {"ЭтаФорма", word::this_form},
    {"ThisForm", word::this_form},
    {"НайтиПоНаименованию", word::find_by_description},
    {"FindByDescription", word::find_by_description},
    {"НайтиПоКоду", word::find_by_description},
    {"FindByCode", word::find_by_description},
    {"НайтиПоНомеру", word::find_by_description},
    {"FindByNumber", word::find_by_description},
    {"ВыполнитьПакет", word::execute_query},
    {"ExecuteBatch", word::execute_query},
    {"Вставить", word::insert},
    {"Insert", word::insert},
    {"Добавить", word::add},
    {"Add", word::add},
    {"Удалить", word::delete_item},
    {"Delete", word::delete_item},
    {"Структура", word::structure},
    {"Structure", word::structure},
    {"Цвет", word::style_type},
    {"Color", word::style_type},
    {"Шрифт", word::style_type},
    {"Font", word::style_type},
    {"Рамка", word::style_type},
    {"Border", word::style_type},
    {"HTTPСоединение", word::network_type},
    {"HTTPConnection", word::network_type},
    {"FTPСоединение", word::network_type},
    {"FTPConnection", word::network_type},
    {"WSПрокси", word::network_type},
    {"WSProxy", word::network_type},
    {"WSОпределения", word::network_type},
    {"WSDefinitions", word::network_type},
    {"Запрос", word::query_type},
    {"Query", word::query_type},
    {"ПостроительЗапроса", word::query_type},
    {"QueryBuilder", word::query_type},
    {"COMОбъект", word::com_type},
    {"COMObject", word::com_type},
    {"Таймаут", word::timeout},
    {"Timeout", word::timeout},
    {"ВремяОжидания", word::timeout},
    {"Отказ", word::cancel},
    {"Cancel", word::cancel},
    {"ОбменДанными", word::data_exchange},
    {"DataExchange", word::data_exchange},
    {"Загрузка", word::load},
    {"Load", word::load},
    {"Тип", word::type_function},
    {"Type", word::type_function},
};

constexpr std::size_t slots = 1024;

struct slot {
  std::uint32_t hash = 0;
  const known* entry = nullptr;
};

const std::array<slot, slots>& table() {
  static const auto made = [] {
    std::array<slot, slots> filled{};
    for (const auto& each : all) {
      const auto hash = name_hash(each.name);
      auto at = hash % slots;
      while (filled[at].entry != nullptr) at = (at + 1) % slots;
      filled[at] = {hash, &each};
    }
    return filled;
  }();
  return made;
}

const known* look_up(std::string_view name, std::uint32_t hash) {
  const auto& in = table();
  for (auto at = hash % slots; in[at].entry != nullptr; at = (at + 1) % slots)
    if (in[at].hash == hash && same_name(in[at].entry->name, name)) return in[at].entry;
  return nullptr;
}

}  // namespace

word find_word(std::string_view name, std::uint32_t hash) {
  const auto* found = look_up(name, hash);
  return found == nullptr ? word::none : found->what;
}

std::string_view successor_of(std::string_view name) {
  const auto* found = look_up(name, name_hash(name));
  return found == nullptr ? std::string_view{} : found->successor;
}

}  // namespace artel::analysis
