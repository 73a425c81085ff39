#include "actors/core/artifacts.hpp"

#include <nlohmann/json.hpp>

namespace artel::core {

using json = nlohmann::json;

std::string to_text(const made_artifacts& made) {
  auto all = json::array();
  for (const auto& one : made.all)
    all.push_back({{"name", one.name},
                   {"sha256", one.hash},
                   {"size", one.size},
                   {"kind", one.folder       ? "folder"
                            : one.executable ? "executable"
                                             : "file"}});
  return json{{"store", made.store}, {"artifacts", std::move(all)}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
}

made_artifacts read_artifacts(const std::string& text) {
  made_artifacts made;
  const auto read = json::parse(text, nullptr, false);
  if (!read.is_object() || !read.contains("artifacts")) return made;
  made.store = read.value("store", "");
  for (const auto& one : read["artifacts"]) {
    const auto kind = one.value("kind", "file");
    made.all.push_back({one.value("name", ""), one.value("sha256", ""),
                        one.value("size", std::uint64_t{0}), kind == "folder",
                        kind == "executable"});
  }
  return made;
}

}  // namespace artel::core
