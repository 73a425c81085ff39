#include "actors/training/steps/contender.hpp"

#include <numeric>

namespace artel::training {
namespace {

using json = nlohmann::json;

/// The held-out rows of a candidate, as another model's schema reads them.
struct held_out {
  table data;
  std::vector<std::uint32_t> rows;
};

held_out rows_of(const saved_model& candidate, const table_schema& as) {
  const auto& split = candidate.about.at("split");
  if (const auto test = split.at("test_file").get<std::string>(); !test.empty()) {
    auto data = load_table(test, schema_for(as, test), true);
    std::vector<std::uint32_t> rows(data.rows());
    std::iota(rows.begin(), rows.end(), 0U);
    return {std::move(data), std::move(rows)};
  }
  const auto path = candidate.about.at("data").at("path").get<std::string>();
  const auto own = load_table(path, candidate.schema);
  const auto parts =
      split_rows(own, {split.at("test").get<double>(), split.at("validation").get<double>(),
                       split.at("by").get<std::string>(), split.at("column").get<std::string>(),
                       split.at("seed").get<std::uint64_t>()});
  if (!parts) throw data_mistake{parts.error().text};
  auto its = as;
  its.format = candidate.schema.format;
  return {load_table(path, its, true), parts->test};
}

}  // namespace

json contender::told(const char* part) const {
  const auto& parts = about.at("scores");
  if (!parts.contains(part) || !parts.at(part).contains(headline.name)) return {};
  const auto& value = parts.at(part).at(headline.name);
  return value.is_number() ? value : json();
}

json contender::seconds() const {
  const auto text = read_whole(folder / "run.json");
  const auto run = text ? json::parse(*text, nullptr, false) : json();
  return run.is_object() && run.contains("seconds") ? run.at("seconds") : json();
}

bool contender::same_task_as(const contender& other) const {
  const bool comparable = !ours || !other.ours || ours->what == other.ours->what;
  return comparable && headline.name == other.headline.name &&
         headline.higher_is_better == other.headline.higher_is_better;
}

void check_held_out(const contender& of) {
  if (of.ours) static_cast<void>(rows_of(*of.ours, of.ours->schema));
}

contender open_contender(const std::filesystem::path& folder) {
  const auto text = read_whole(folder / "artel.json");
  if (!text) throw data_mistake{text.error().text};
  contender made{folder, json::parse(*text, nullptr, false), {}, {}};
  if (!made.about.is_object()) throw data_mistake{folder.string() + ": artel.json is no JSON"};
  if (made.about.value("task", "") == "external") {
    try {
      made.headline = {made.about.at("headline").at("score").get<std::string>(),
                       made.about.at("headline").at("higher_is_better").get<bool>()};
      static_cast<void>(made.about.at("scores").at("test"));
    } catch (const json::exception& e) {
      throw data_mistake{folder.string() +
                         ": artel.json is not as docs/TRAINERS.md has it: " + e.what()};
    }
    if (!made.told("test").is_number() || !made.told("baseline").is_number())
      throw data_mistake{folder.string() + ": its artel.json tells no " + made.headline.name +
                         " of test and baseline"};
    return made;
  }
  auto opened = open_model(folder);
  if (!opened) throw data_mistake{opened.error().text};
  made.headline = opened->made->headline();
  made.ours = *std::move(opened);
  return made;
}

double score_on_held_out(const contender& of, const contender& candidate) {
  // Its own training has judged the candidate on those very rows.
  if (!of.ours || !candidate.ours || of.folder == candidate.folder) {
    const auto told = of.told("test");
    if (!told.is_number())
      throw data_mistake{of.folder.string() + ": has no " + of.headline.name +
                         " on the held-out rows"};
    return told.get<double>();
  }
  const auto held = rows_of(*candidate.ours, of.ours->schema);
  const auto said = of.ours->made->evaluate(held.data, held.rows);
  if (!said) throw data_mistake{said.error().text};
  const auto found = said->find(of.headline.name);
  if (found == said->end())
    throw data_mistake{"model " + of.ours->name + " " + of.ours->version + ": has no " +
                       of.headline.name + " on the held-out rows"};
  return found->second;
}

}  // namespace artel::training
