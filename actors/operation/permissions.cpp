#include "actors/operation/permissions.hpp"

#include "messages/catalog.hpp"

namespace artel::operation {
namespace {

constexpr std::size_t text_max = 120;

template <class T>
concept is_signed = requires(T one) {
  one.by;
};

template <class T>
constexpr bool has_pipeline_text = std::is_same_v<T, submit_run> || std::is_same_v<T, retry_run>;
template <class T>
constexpr bool changes_the_cluster = std::is_same_v<T, set_pool> || std::is_same_v<T, change_node>;
template <class T>
constexpr bool changes_runs =
    std::is_same_v<T, submit_run> || std::is_same_v<T, cancel_run> ||
    std::is_same_v<T, pause_work> || std::is_same_v<T, mark_step> || std::is_same_v<T, retry_run> ||
    std::is_same_v<T, drain_node> || std::is_same_v<T, start_planned> ||
    std::is_same_v<T, silence_alerts> || std::is_same_v<T, limit_step>;
template <class T>
constexpr bool looks =
    std::is_same_v<T, list_runs> || std::is_same_v<T, show_run> || std::is_same_v<T, read_log> ||
    std::is_same_v<T, list_nodes> || std::is_same_v<T, show_tree> ||
    std::is_same_v<T, explain_step> || std::is_same_v<T, ping> ||
    std::is_same_v<T, list_schedules> || std::is_same_v<T, preview_schedule> ||
    std::is_same_v<T, list_pools> || std::is_same_v<T, list_artifacts> ||
    std::is_same_v<T, read_lines> || std::is_same_v<T, read_events> ||
    std::is_same_v<T, list_attempts> || std::is_same_v<T, read_metrics> ||
    std::is_same_v<T, list_alerts> || std::is_same_v<T, list_limits> ||
    std::is_same_v<T, find_runs> || std::is_same_v<T, list_pipelines> ||
    std::is_same_v<T, show_pipeline> || std::is_same_v<T, watch_changes> ||
    std::is_same_v<T, find_results> || std::is_same_v<T, read_history> ||
    std::is_same_v<T, read_artifact> || std::is_same_v<T, await_run>;

/// Nothing in it can be taken for something else, or means anything to a terminal.
std::string quoted(std::string text) {
  if (text.size() > text_max) {
    auto end = text_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end) + "…";
  }
  std::string clean;
  for (const char each : text) {
    if (each == '"' || each == '\\') clean += '\\';
    clean += static_cast<unsigned char>(each) < 0x20 || each == 0x7f ? ' ' : each;
  }
  return clean.find_first_of(" \"=\\") == std::string::npos ? clean : "\"" + clean + "\"";
}

template <class T>
std::string value_text(const T& value) {
  if constexpr (std::is_same_v<T, std::string>)
    return quoted(value);
  else if constexpr (std::is_same_v<T, run_id>)
    return to_text(value);
  else if constexpr (std::is_same_v<T, bool>)
    return value ? "true" : "";
  else if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<unsigned>(value));
  else if constexpr (std::is_integral_v<T>)
    return std::to_string(value);
  else if constexpr (requires { value.has_value(); })
    return value ? value_text(*value) : std::string();
  else if constexpr (requires { typename T::mapped_type; }) {
    std::string all;
    for (const auto& [name, each] : value) all += (all.empty() ? "" : ",") + name + "=" + each;
    return quoted(all);
  } else {
    std::string all;
    for (const auto& each : value) all += (all.empty() ? "" : ",") + each;
    return quoted(all);
  }
}

}  // namespace

user_role role_for(const admin_request& what) {
  return std::visit(
      [](const auto& one) {
        using type = std::decay_t<decltype(one)>;
        if constexpr (looks<type>)
          return user_role::viewer;
        else if constexpr (changes_runs<type>)
          return user_role::operator_;
        else {
          static_assert(changes_the_cluster<type> || std::is_same_v<type, list_audit>,
                        "every request has a role");
          return user_role::admin;
        }
      },
      what);
}

bool is_change(const admin_request& what) {
  return std::visit(
      [](const auto& one) {
        using type = std::decay_t<decltype(one)>;
        return changes_runs<type> || changes_the_cluster<type>;
      },
      what);
}

std::string_view request_name(const admin_request& what) {
  return std::visit(
      [](const auto& one) { return artel::name_of(number_of<std::decay_t<decltype(one)>>()); },
      what);
}

std::string audit_text(const admin_request& what) {
  return std::visit(
      [](const auto& one) {
        using type = std::decay_t<decltype(one)>;
        std::string text(artel::name_of(number_of<type>()));
        if constexpr (changes_runs<type> || changes_the_cluster<type>)
          for_each_field(one, [&](std::string_view name, const auto& value) {
            // Who is told beside it; a pipeline's text is in the run.
            if (name == "by" || (name == "pipeline" && has_pipeline_text<type>)) return;
            if (const auto said = value_text(value); !said.empty())
              text += " " + std::string(name) + "=" + said;
          });
        return text;
      },
      what);
}

std::string name_of(const asking_user& who, const admin_request& what) {
  if (!who.name.empty()) return who.name;
  const auto said = std::visit(
      [](const auto& one) -> std::string {
        if constexpr (is_signed<std::decay_t<decltype(one)>>) return one.by;
        return {};
      },
      what);
  return said.empty() ? "somebody" : said;
}

void sign(admin_request& what, const asking_user& who) {
  if (who.name.empty()) return;
  std::visit(
      [&](auto& one) {
        using type = std::decay_t<decltype(one)>;
        if constexpr (is_signed<type> && !std::is_same_v<type, list_audit>) one.by = who.name;
      },
      what);
}

}  // namespace artel::operation
