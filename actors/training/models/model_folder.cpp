#include "actors/training/models/model_folder.hpp"

#include <Eigen/Core>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "actors/training/models/booster.hpp"

namespace artel::training {

outcome<std::string> read_whole(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  // An empty file has nothing to insert, which is no mistake.
  if (in && in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  if (!in.is_open() || in.bad() || !text)
    return trouble{errno == ENOENT ? trouble_code::not_found : trouble_code::io_error,
                   path.string() + ": " + std::strerror(errno == 0 ? EIO : errno)};
  return std::move(text).str();
}

outcome<std::string> version_in_service(const std::filesystem::path& folder) {
  const auto path = folder / "in_service.json";
  const auto text = read_whole(path);
  if (!text && text.error().code == trouble_code::not_found) return std::string();
  if (!text) return text.error();
  const auto read = nlohmann::json::parse(*text, nullptr, false);
  if (!read.is_object() || !read.contains("version") || !read.at("version").is_string())
    return trouble{trouble_code::corrupt,
                   path.string() +
                       " is damaged: it does not say which version is in service; remove it, or "
                       "write {\"version\": \"…\"}"};
  return read.at("version").get<std::string>();
}

outcome<done> write_whole(const std::filesystem::path& path, const std::string& text) {
  std::error_code none;
  std::filesystem::create_directories(path.parent_path(), none);
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out)
    return trouble{trouble_code::io_error, path.string() + " can not be written: " +
                                               std::strerror(errno == 0 ? EIO : errno)};
  return done{};
}

nlohmann::json describe(const model& of, const std::string& name, const std::string& version,
                        const table_schema& schema) {
  const auto headline = of.headline();
  return {
      {"format", model_format},
      {"task", task_names[static_cast<std::size_t>(of.kind())]},
      {"name", name},
      {"version", version},
      {"headline", {{"score", headline.name}, {"higher_is_better", headline.higher_is_better}}},
      {"schema", to_json(schema)},
      {"model", of.description()},
      {"libraries",
       {{"xgboost", xgboost_version()},
        {"eigen", std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) +
                      "." + std::to_string(EIGEN_MINOR_VERSION)}}}};
}

outcome<done> save_model(const std::filesystem::path& folder, const model& of,
                         const nlohmann::json& about) {
  if (auto put = write_whole(folder / "model.json", of.state()); !put) return put;
  return write_whole(folder / "artel.json", about.dump(1) + "\n");
}

outcome<saved_model> open_model(const std::filesystem::path& folder) {
  const auto text = read_whole(folder / "artel.json");
  if (!text) return text.error();
  const auto state = read_whole(folder / "model.json");
  if (!state) return state.error();
  const auto corrupt = [&](const std::string& why) {
    return trouble{trouble_code::corrupt, "model " + folder.string() + ": " + why};
  };
  saved_model made;
  made.about = nlohmann::json::parse(*text, nullptr, false);
  try {
    if (made.about.is_discarded()) return corrupt("artel.json is no JSON");
    if (made.about.at("format").get<int>() != model_format)
      return corrupt("is of format " + made.about.at("format").dump() + ", this release reads " +
                     std::to_string(model_format));
    const auto what = task_from(made.about.at("task").get<std::string>());
    if (!what) return corrupt(what.error().text);
    made.what = *what;
    made.name = made.about.at("name").get<std::string>();
    made.version = made.about.at("version").get<std::string>();
    auto schema = schema_from(made.about.at("schema"));
    if (!schema) return corrupt(schema.error().text);
    made.schema = *std::move(schema);
    auto loaded = load(made.what, made.about.at("model"), *state);
    if (!loaded) return corrupt(loaded.error().text);
    made.made = *std::move(loaded);
  } catch (const nlohmann::json::exception& e) {
    return corrupt(e.what());
  }
  return made;
}

}  // namespace artel::training
