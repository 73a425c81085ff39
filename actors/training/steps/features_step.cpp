// The feature store: tables of the analysis data set and the user's own, as a snapshot that never
// changes once it is there, with statistics of each column. When nothing has changed since the
// newest one, none is made.
#include <xxhash.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/training/features/method_tables.hpp"
#include "actors/training/models/model_folder.hpp"
#include "actors/training/steps.hpp"
#include "actors/training/steps/options.hpp"

namespace artel::training {
namespace {

namespace fs = std::filesystem;
constexpr const char* whole_mark = ".artel-whole";  // replaced and published in one rename

nlohmann::json statistics_of(const column& of) {
  std::uint64_t missing = 0;
  double sum = 0, squares = 0, least = 0, most = 0, count = 0;
  for (std::size_t i = 0; i < std::max({of.numbers.size(), of.codes.size(), of.texts.size()});
       ++i) {
    if (of.missing(i)) {
      ++missing;
      continue;
    }
    const double value = of.is_number() ? of.numbers[i] : 0;
    least = count == 0 ? value : std::min(least, value);
    most = count == 0 ? value : std::max(most, value);
    sum += value, squares += value * value, ++count;
  }
  nlohmann::json made{{"name", of.spec.name},
                      {"kind", column_kind_names[static_cast<std::size_t>(of.spec.kind)]},
                      {"role", column_role_names[static_cast<std::size_t>(of.spec.role)]},
                      {"missing", missing}};
  if (of.is_number() && count > 0) {
    const double mean = sum / count;
    made["min"] = least, made["max"] = most, made["mean"] = mean;
    made["deviation"] = std::sqrt(std::max(0.0, squares / count - mean * mean));
  }
  if (of.is_coded()) made["different"] = of.words.size();
  return made;
}

nlohmann::json statistics_of(const fs::path& file, const std::optional<fs::path>& schema) {
  declared_schema declared;
  if (schema) {
    const auto text = read_whole(*schema);
    if (!text) throw data_mistake{text.error().text};
    auto read = read_declared_schema(*text, schema->string());
    if (!read) throw data_mistake{read.error().text};
    declared = *std::move(read);
  }
  const auto data = load_table(file.string(), infer_schema(file.string(), declared));
  auto columns = nlohmann::json::array();
  for (const auto& each : data.columns) columns.push_back(statistics_of(each));
  return {{"file", file.filename().string()}, {"rows", data.rows()}, {"columns", columns}};
}

std::string content_hash(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(folder))
    if (each.path().filename() != "statistics.json" && each.path().filename() != whole_mark)
      files.push_back(each.path());
  std::sort(files.begin(), files.end());
  std::uint64_t hash = 0;
  for (const auto& each : files) {
    const auto text = read_whole(each);
    if (!text) throw data_mistake{text.error().text};
    const auto name = each.filename().string();
    hash = XXH3_64bits_withSeed(name.data(), name.size(), hash);
    hash = XXH3_64bits_withSeed(text->data(), text->size(), hash);
  }
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

/// The snapshot is there with all that it had: it may have been removed, or its publishing cut.
bool is_whole(const nlohmann::json& snapshot, const std::string& hash) {
  try {
    const fs::path folder = snapshot.value("folder", "");
    return fs::is_directory(folder) && fs::exists(folder / "statistics.json") &&
           content_hash(folder) == hash;
  } catch (const data_mistake&) {
    return false;
  } catch (const fs::filesystem_error&) {
    return false;
  }
}

/// Of the snapshots that are there, the newest `keep` stay.
void remove_old(const fs::path& snapshots, std::size_t keep, step_monitor& monitor) {
  std::error_code none;
  std::vector<std::pair<fs::file_time_type, fs::path>> all;
  for (const auto& each : fs::directory_iterator(snapshots, none))
    if (fs::exists(each.path() / "statistics.json", none))  // else another run may be publishing it
      all.emplace_back(fs::last_write_time(each.path() / "statistics.json", none), each.path());
  std::sort(all.rbegin(), all.rend());
  for (std::size_t i = keep; i < all.size(); ++i) {
    std::error_code why;
    fs::remove_all(all[i].second, why);
    if (why) throw data_mistake{all[i].second.string() + " can not be removed: " + why.message()};
    monitor.log("removed " + all[i].second.string());
  }
}

void copy_tables(const step_options& options, const fs::path& folder) {
  for (const auto& from : options.list("tables")) {
    const auto to = folder / fs::path(from).filename();
    if (fs::exists(to))
      throw data_mistake{"with: tables: two files are named '" + to.filename().string() +
                         "'; a snapshot has one folder"};
    std::error_code why;
    fs::create_directories(folder, why);
    fs::copy_file(from, to, why);
    if (why) throw data_mistake{"table " + from + ": " + why.message()};
  }
}

outcome<step_result> make_snapshot(const step_input& input, step_monitor& monitor) {
  const step_options options(input);
  const auto version = options.required("version");
  const auto keep = static_cast<std::size_t>(options.whole("keep", 48, 2, 1'000'000));
  const auto folder = input.staging / "snapshots" / version;
  std::vector<table_file> made;
  if (const auto dataset = options.text("dataset"); !dataset.empty())
    made = write_method_tables(dataset, folder, monitor);
  copy_tables(options, folder);
  if (!fs::exists(folder))
    throw data_mistake{"with: neither dataset nor tables names a file: there is nothing to keep"};
  nlohmann::json result{{"version", version},
                        {"folder", (input.output / "snapshots" / version).string()}};
  const auto hash = content_hash(folder);
  if (const auto latest = read_whole(input.output / "latest.json")) {
    auto before = nlohmann::json::parse(*latest, nullptr, false);
    if (before.is_object() && before.value("hash", "") == hash && is_whole(before, hash)) {
      fs::remove_all(input.staging / "snapshots");
      monitor.log("nothing has changed since snapshot " + before.value("version", ""));
      before["changed"] = false;
      return before.dump();
    }
  }
  auto tables = nlohmann::json::array();
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(folder))
    if (each.path().extension() != ".yaml") files.push_back(each.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (fs::file_size(file) == 0) continue;
    const auto schema = folder / (file.stem().string() + ".schema.yaml");
    tables.push_back(
        statistics_of(file, fs::exists(schema) ? std::optional(schema) : std::nullopt));
  }
  const nlohmann::json about{{"version", version}, {"hash", hash}, {"tables", tables}};
  if (auto put = write_whole(folder / "statistics.json", about.dump(1) + "\n"); !put)
    return put.error();
  if (auto put = write_whole(folder / whole_mark, ""); !put) return put.error();
  result["hash"] = hash;
  for (const auto& each : made) result["rows"][each.task] = each.rows;
  if (auto put = write_whole(input.staging / "latest.json", result.dump(1) + "\n"); !put)
    return put.error();
  result["changed"] = true;
  // The new one comes beside them when this has ended.
  remove_old(input.output / "snapshots", keep - 1, monitor);
  return result.dump();
}

}  // namespace

outcome<step_result> features_step(const step_input& input, step_monitor& monitor) {
  try {
    return make_snapshot(input, monitor);
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  } catch (const trouble& e) {
    return e;
  }
}

}  // namespace artel::training
