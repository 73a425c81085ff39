// Drift: rows like those of the training do not drift, others do, and the column is named.
#include <nlohmann/json.hpp>

#include "actors/training/data/random.hpp"
#include "actors/training/drift/reference.hpp"
#include "tests/unit/training/tables.hpp"

using namespace artel;
using namespace artel::tests;
using namespace artel::training;

namespace {

std::string rows(int count, std::uint64_t seed, double shift, int kinds, double missing) {
  random_numbers chance(seed);
  std::string text = "x,y,c,target\n";
  for (int i = 0; i < count; ++i) {
    const double x = chance.about_normal(), y = chance.about_normal();
    text += (chance.fraction() < missing ? "" : std::to_string(x + shift)) + "," +
            std::to_string(y) + ",k" +
            std::to_string(chance.below(static_cast<std::uint64_t>(kinds))) + "," +
            std::to_string(x + y) + "\n";
  }
  return text;
}

struct watched {
  watched() {
    data = loaded(written(in, "a.csv", rows(3'000, 1, 0, 3, 0.05)),
                  "columns: {target: target, c: categorical}");
    silent_watch watch;
    const auto parts = split_rows(data, {});
    auto learnt = fit(task::regression, data, *parts, {1, {{"rounds", "30"}}}, watch);
    REQUIRE(learnt);
    made = std::move(learnt->made);
    before = reference_of(data, parts->train, *made);
  }
  std::map<std::string, drift_score> now(const std::string& text) {
    std::map<std::string, drift_score> all;
    for (const auto& each :
         drift_of(before, load_table(written(in, "b.csv", text), data.schema), *made))
      all[each.column] = each;
    return all;
  }
  temp_folder in;
  table data;
  std::unique_ptr<training::model> made;
  reference before;
};

}  // namespace

TEST_CASE("rows like those of the training do not drift") {
  watched w;
  for (const auto& [name, score] : w.now(rows(2'000, 2, 0, 3, 0.05))) {
    INFO(name);
    CHECK(score.psi < 0.05);
    CHECK(score.js < 0.1);
    CHECK(score.ks < 0.06);
    CHECK(score.ks_p > 0.001);
  }
}

TEST_CASE(
    "a column that moves, one with other words and one with more missing values drift, and so does "
    "what the model says") {
  watched w;
  auto moved = w.now(rows(2'000, 3, 0.6, 3, 0.05));
  CHECK(moved["x"].psi > 0.15);
  CHECK(moved["x"].ks > 0.15);
  CHECK(moved["x"].ks_p < 1e-6);
  CHECK(moved["y"].psi < 0.05);
  CHECK(moved["(prediction)"].psi > 0.1);
  CHECK(w.now(rows(2'000, 4, 0, 9, 0.05))["c"].psi > 0.15);
  const auto missing = w.now(rows(2'000, 5, 0, 3, 0.5))["x"];
  CHECK(missing.psi > 0.15);
  CHECK(missing.missing > 0.4);
  CHECK(missing.missing_before < 0.1);
}

TEST_CASE("a reference that was saved compares the same") {
  watched w;
  const auto again = reference_from(nlohmann::json::parse(to_json(w.before).dump()));
  REQUIRE(again);
  const auto path = written(w.in, "b.csv", rows(1'000, 6, 0.3, 3, 0.1));
  const auto now = load_table(path, w.data.schema);
  const auto one = drift_of(w.before, now, *w.made), two = drift_of(*again, now, *w.made);
  REQUIRE(one.size() == two.size());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].psi == two[i].psi);
  auto damaged = to_json(w.before);
  damaged["columns"][0]["shares"].erase(0);
  CHECK_FALSE(reference_from(damaged));
}
