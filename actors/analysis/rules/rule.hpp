// What a rule is, and the table of all of them. A rule's number (its place in `rule_id`) is written
// into snapshots: new rules go to the end, and a change of the order raises `snapshot_schema`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace artel::analysis {

enum class severity : std::uint8_t { info, minor, major, critical, blocker };
enum class rule_kind : std::uint8_t { code_smell, bug, vulnerability };

const char* to_text(severity value);
const char* to_text(rule_kind value);
std::optional<severity> severity_of(std::string_view text);

enum class rule_id : std::uint16_t {
  // whole modules, layout of the text
  syntax_error,
  missing_regions,
  unclosed_region,
  empty_region,
  duplicate_region,
  non_standard_region,
  code_outside_region,
  private_method_in_api,
  line_too_long,
  consecutive_empty_lines,
  commented_code,
  keyword_spelling,
  yo_letter,
  mixed_alphabets,
  invalid_character,
  one_statement_per_line,
  missing_semicolon,
  exported_variable,
  unused_module_variable,
  // methods and their signatures
  cyclomatic_complexity,
  cognitive_complexity,
  method_too_long,
  deep_nesting,
  too_many_parameters,
  too_many_optional_parameters,
  optional_before_required,
  too_many_returns,
  missing_export_doc,
  doc_parameter_mismatch,
  missing_return_doc,
  empty_method,
  unused_parameter,
  rewritten_parameter,
  unused_variable,
  unused_local_method,
  missing_directive,
  several_directives,
  command_module_export,
  function_without_return,
  missing_return,
  procedure_returns_value,
  // statements
  empty_except,
  empty_block,
  empty_statement,
  goto_statement,
  unreachable_code,
  identical_branches,
  duplicated_condition,
  else_missing,
  unused_loop_variable,
  deleting_in_loop,
  // expressions
  self_assignment,
  identical_operands,
  compare_with_boolean,
  double_negative,
  nested_ternary,
  ternary_operator,
  useless_ternary,
  complex_condition,
  unary_plus,
  magic_number,
  magic_date,
  self_insertion,
  // transactions, locks, errors, data exchange
  transaction_without_try,
  commit_outside_try,
  rollback_outside_except,
  unpaired_transaction,
  error_description,
  number_in_try,
  cancel_reset,
  data_exchange_load,
  log_event_without_details,
  // calls of the platform
  message_to_user,
  current_date,
  deprecated_function,
  deprecated_form_name,
  get_form,
  modal_call,
  synchronous_call,
  form_data_to_value,
  style_constructor,
  find_by_text,
  temporary_folder,
  temporary_file_left,
  missing_timeout,
  com_object,
  // security
  dynamic_code,
  hard_coded_credentials,
  hard_coded_address,
  hard_coded_path,
  external_application,
  os_users,
  internet_access,
  safe_mode_off,
  privileged_mode_left_on,
  role_check,
  // texts
  nstr_format,
  template_mismatch,
  format_string,
  structure_mismatch,
  too_many_structure_values,
  // queries
  query_in_loop,
  select_all_fields,
  union_without_all,
  join_with_subquery,
  join_with_virtual_table,
  virtual_table_without_parameters,
  or_in_join,
  or_in_where,
  top_without_order,
  full_join,
  like_with_expression,
  field_without_alias,
  deep_dereference,
  // several modules
  deprecated_call,
  missing_method,
  wrong_argument_count,
  server_call_in_loop,
  common_module_name,
};
inline constexpr std::size_t rule_count = static_cast<std::size_t>(rule_id::common_module_name) + 1;

struct rule {
  rule_id number;
  std::string_view id;
  severity level;
  rule_kind kind;
  bool by_default;          ///< looked at unless switched off; the others must be switched on
  unsigned standard;        ///< number of the vendor's development standard; 0 when there is none
  std::string_view bsl_ls;  ///< keys of the BSL Language Server, with blanks between
  std::string_view edt;     ///< ids of EDT's checks, with blanks between
  std::string_view apk;     ///< numbers of the vendor's configuration checker, with blanks between
  std::string_view title_ru;
  std::string_view title_en;
  std::string_view message_ru;  ///< `{}` is the finding's detail; empty: the title says it all
  std::string_view message_en;
};

/// In the order of `rule_id`.
std::span<const rule> all_rules();
const rule& rule_of(rule_id id);
/// By our id, exactly.
const rule* find_rule(std::string_view id);
/// Link to the standard; empty when the rule has none.
std::string standard_url(const rule& which);

enum class language : std::uint8_t { russian, english };
/// "ru" or "en".
std::optional<language> language_of(std::string_view text);
std::string_view title(const rule& which, language in);
/// The message of a finding with its detail put in.
std::string message(const rule& which, std::string_view detail, language in);

// Thresholds. A finding's detail is the value that was measured.
inline constexpr std::uint32_t cyclomatic_max = 20;
inline constexpr std::uint32_t cognitive_max = 15;
inline constexpr std::uint32_t method_lines_max = 200;
inline constexpr std::uint32_t nesting_max = 4;
inline constexpr std::size_t parameters_max = 7;
inline constexpr std::size_t optional_parameters_max = 3;
inline constexpr std::size_t returns_max = 3;
inline constexpr std::uint32_t lines_without_regions_max = 200;
inline constexpr std::size_t line_length_max = 120;
inline constexpr std::size_t empty_lines_max = 1;
inline constexpr std::size_t condition_operands_max = 3;
inline constexpr std::size_t structure_values_max = 3;
inline constexpr std::size_t dereferences_max = 3;  // A.B.C.D has three of them behind the table

}  // namespace artel::analysis
