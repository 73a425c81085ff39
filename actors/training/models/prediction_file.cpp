#include "actors/training/models/prediction_file.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>

namespace artel::training {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string made = "\"";
  for (const char each : text) made += each == '"' ? std::string("\"\"") : std::string(1, each);
  return made + "\"";
}

std::string text_of(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

table_schema without_outcome(const saved_model& by, const std::string& file, bool only_users) {
  auto schema = by.schema;
  for (auto& each : schema.columns) {
    const bool kept = each.role == column_role::feature || each.role == column_role::id ||
                      each.role == column_role::user || each.role == column_role::query ||
                      (each.role == column_role::item && !only_users);
    if (!kept) each.role = column_role::ignored;
  }
  return schema_for(schema, file);
}

void write_lists(const saved_model& by, const table& of, std::size_t top, std::ostream& to) {
  const auto* users = of.of_role(column_role::user);
  if (users == nullptr) throw data_mistake{of.path + ": has no column of users"};
  to << quoted(users->spec.name) << ",place,item\n";
  std::set<std::uint32_t> met;
  for (std::size_t row = 0; row < of.rows(); ++row) {
    if (users->missing(row) || !met.insert(users->codes[row]).second) continue;
    const auto items = by.made->recommended(users->text_of(row), top);
    if (!items) throw data_mistake{items.error().text};
    for (std::size_t i = 0; i < items->size(); ++i)
      to << quoted(users->text_of(row)) << ',' << i + 1 << ',' << quoted((*items)[i]) << '\n';
  }
}

void write_rows(const saved_model& by, const table& of, std::ostream& to) {
  std::vector<std::uint32_t> rows(of.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  const auto said = by.made->predict(of, rows);
  if (!said) throw data_mistake{said.error().text};
  std::vector<const column*> ids;
  for (const auto& each : of.columns)
    if (each.spec.role != column_role::feature) ids.push_back(&each);
  for (const auto* each : ids) to << quoted(each->spec.name) << ',';
  to << "prediction";
  for (const auto& each : said->labels) to << ',' << quoted("p(" + each + ")");
  to << '\n';
  const auto classes = said->labels.size();
  for (const auto row : rows) {
    for (const auto* each : ids) to << quoted(each->text_of(row)) << ',';
    if (classes != 0) {
      const auto* shares = &said->probabilities[row * classes];
      to << quoted(said->labels[static_cast<std::size_t>(
          std::max_element(shares, shares + classes) - shares)]);
      for (std::size_t k = 0; k < classes; ++k) to << ',' << text_of(shares[k]);
    } else if (!said->clusters.empty()) {
      to << said->clusters[row];
    } else {
      to << text_of(said->values[row]);
    }
    to << '\n';
  }
}

}  // namespace

outcome<saved_model> open_model_or_service(const std::filesystem::path& folder) {
  std::error_code none;
  if (std::filesystem::exists(folder / "artel.json", none)) return open_model(folder);
  const auto service = version_in_service(folder);
  if (!service) return service.error();
  if (service->empty())
    return trouble{trouble_code::not_found,
                   folder.string() +
                       " holds no model: expected a folder with artel.json, or one with "
                       "in_service.json, as models/regression"};
  return open_model(folder / *service);
}

outcome<done> write_predictions(const saved_model& by, const std::string& file, std::size_t top,
                                std::ostream& to) {
  try {
    const auto data = load_table(file, without_outcome(by, file, top != 0), true);
    top != 0 ? write_lists(by, data, top, to) : write_rows(by, data, to);
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  }
  return done{};
}

}  // namespace artel::training
