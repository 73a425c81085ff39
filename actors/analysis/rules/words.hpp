// Names of the platform that rules know, in both languages, and the hash by which names are
// compared: it does not see case, and equal names have equal hashes; unequal ones may as well, so a
// match is confirmed on the text.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace artel::analysis {

enum class word : std::uint8_t {
  none,
  begin_transaction,
  commit_transaction,
  rollback_transaction,
  current_date,
  message,
  deprecated,  ///< global methods with a better successor
  error_description,
  evaluate,
  start_application,
  get_form,
  modal,
  synchronous,
  temp_files_dir,
  temp_file_name,
  delete_files,
  os_users,
  is_in_role,
  set_privileged_mode,
  set_safe_mode,
  set_disable_safe_mode,
  write_log_event,
  form_data_to_value,
  nstr,
  str_template,
  format,
  number,
  this_form,
  find_by_description,
  execute_query,  ///< ВыполнитьПакет; Выполнить is a keyword
  insert,         ///< Вставить
  add,            ///< Добавить
  delete_item,    ///< Удалить
  structure,
  style_type,    ///< Цвет, Шрифт, Рамка
  network_type,  ///< types whose constructor takes a timeout
  query_type,    ///< Запрос, ПостроительЗапроса
  com_type,
  timeout,
  cancel,
  data_exchange,
  load,
  type_function,  ///< Тип
};

/// Case does not matter; eight bytes at a time. Of every byte only bits 1–3 count (they are the
/// same in both cases of a letter), lead bytes not at all.
inline std::uint32_t name_hash(std::string_view name) {
  constexpr std::uint64_t mix = 0x9E3779B97F4A7C15ULL;
  std::uint64_t hash = name.size() * mix;
  std::size_t at = 0;
  while (at < name.size()) {
    std::uint64_t piece = 0;
    const auto size = name.size() - at < 8 ? name.size() - at : 8;
    std::memcpy(&piece, name.data() + at, size);
    const auto leads = (piece & (piece << 1U) & 0x8080808080808080ULL) >> 7U;
    piece &= ~(leads * 0xFFU) & 0x0E0E0E0E0E0E0E0EULL;
    hash = (hash ^ piece) * mix;
    hash ^= hash >> 29U;
    at += size;
  }
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

/// What the platform calls so; `hash` is the name's.
word find_word(std::string_view name, std::uint32_t hash);
/// What to use instead of a `word::deprecated`.
std::string_view successor_of(std::string_view name);

}  // namespace artel::analysis
