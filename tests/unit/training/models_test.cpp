// Trainers: each learns what can be learnt, gives the same again after saving, the same bytes for
// any number of threads, hears a cancel, and refuses what it can not learn from.
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "actors/training/data/random.hpp"
#include "tests/unit/training/tables.hpp"

using namespace artel;
using namespace artel::tests;
using namespace artel::training;

namespace {

/// x and y decide the target; z is noise, c a category.
std::string flat(int rows, const std::function<std::string(double, double, int)>& target) {
  random_numbers chance(7);
  std::string text = "x,y,z,c,target\n";
  for (int i = 0; i < rows; ++i) {
    const double x = chance.fraction(), y = chance.fraction();
    const int c = static_cast<int>(chance.below(3));
    text += std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(chance.fraction()) +
            ",k" + std::to_string(c) + "," + target(x, y, c) + "\n";
  }
  return text;
}

std::string classes(int rows) {
  return flat(rows, [](double x, double y, int c) {
    return c == 2 ? "odd" : x > y ? "right" : "left";
  });
}
std::string heights(int rows) {
  return flat(rows,
              [](double x, double y, int c) { return std::to_string(10 * x + 5 * y * y + c); });
}
std::string queries(int count) {
  random_numbers chance(9);
  std::string text = "q,x,z,target\n";
  for (int q = 0; q < count; ++q)
    for (int i = 0; i < 12; ++i) {
      const double x = chance.fraction();
      text += "q" + std::to_string(q) + "," + std::to_string(x) + "," +
              std::to_string(chance.fraction()) + "," +
              std::to_string(x > 0.8   ? 2
                             : x > 0.5 ? 1
                                       : 0) +
              "\n";
    }
  return text;
}
std::string blobs(int rows) {
  random_numbers chance(3);
  std::string text = "x,y,target\n";
  for (int i = 0; i < rows; ++i) {
    const auto k = static_cast<int>(chance.below(4));
    text += std::to_string(k % 2 * 10 + chance.about_normal()) + "," +
            std::to_string(k / 2 * 10 + chance.about_normal()) + ",b" + std::to_string(k) + "\n";
  }
  return text;
}
/// Ratings of rank two, most of them not known.
std::string ratings(bool taken_only) {
  random_numbers chance(5);
  std::vector<double> taste(60), kind(40);
  for (auto& each : taste) each = chance.about_normal();
  for (auto& each : kind) each = chance.about_normal();
  std::string text = taken_only ? "user,item\n" : "user,item,target\n";
  for (int u = 0; u < 60; ++u)
    for (int i = 0; i < 40; ++i) {
      const double value = 3 +
                           taste[static_cast<std::size_t>(u)] * kind[static_cast<std::size_t>(i)] +
                           0.1 * chance.about_normal();
      if (taken_only ? value < 3.5 || chance.fraction() > 0.8 : chance.fraction() > 0.5) continue;
      text += "u" + std::to_string(u) + ",i" + std::to_string(i) +
              (taken_only ? "" : "," + std::to_string(value)) + "\n";
    }
  return text;
}

struct example {
  task what;
  std::string text, schema;
  std::map<std::string, std::string> parameters;
  double at_least;  ///< of the headline's improvement on the baseline
};

std::vector<example> examples() {
  const std::string target = "columns: {target: target}",
                    pairs = "columns: {user: user, item: item, target: target}";
  return {
      {task::classification, classes(800), target, {{"rounds", "60"}}, 0.4},
      {task::regression, heights(800), target, {{"rounds", "60"}}, 2},
      {task::clustering, blobs(400), target, {}, 0.5},
      {task::clustering, blobs(400), target, {{"method", "mixture"}}, 0.5},
      {task::ranking, queries(60), "columns: {q: query, target: target}", {{"rounds", "30"}}, 0.2},
      {task::recommendation, ratings(false), pairs, {{"factors", "4"}}, 0.3},
      {task::recommendation,
       ratings(true),
       "columns: {user: user, item: item}",
       {{"factors", "8"}, {"regularisation", "1"}},
       0.05}};
}

outcome<fitted> train(const table& data, const example& of, silent_watch* watch = nullptr) {
  silent_watch own;
  const auto parts = split_rows(data, {});
  if (!parts) return parts.error();
  return fit(of.what, data, *parts, {1, of.parameters}, watch == nullptr ? own : *watch);
}

/// Rows whose target is 0 or 1.
std::string halves() {
  return flat(50, [](double x, double y, int) { return x > y ? "1" : "0"; });
}

std::string refusal(task what, const std::string& text, const std::string& schema,
                    const std::map<std::string, std::string>& parameters = {}) {
  temp_folder in;
  try {
    const auto data = loaded(written(in, "a.csv", text), schema);
    const auto made = train(data, {what, text, schema, parameters, 0});
    return made ? "" : made.error().text;
  } catch (const data_mistake& e) {
    return e.text;
  }
}

}  // namespace

TEST_CASE("each trainer learns what can be learnt, and says the same after it was saved") {
  for (const auto& each : examples()) {
    temp_folder in;
    const auto data = loaded(written(in, "a.csv", each.text), each.schema);
    const auto made = train(data, each);
    INFO(task_names[static_cast<std::size_t>(each.what)] << (made ? "" : made.error().text));
    REQUIRE(made);
    const auto parts = split_rows(data, {});
    const auto& model = *made->made;
    const auto score = model.headline();
    const auto own = model.evaluate(data, parts->test), trivial = model.baseline(data, parts->test);
    REQUIRE((own && trivial));
    const double gain = own->at(score.name) - trivial->at(score.name);
    INFO(own->at(score.name) << " against " << trivial->at(score.name));
    CHECK((score.higher_is_better ? gain : -gain) > each.at_least);
    const auto again =
        load(each.what, nlohmann::json::parse(model.description().dump()), model.state());
    REQUIRE(again);
    const auto before = model.predict(data, parts->test),
               after = (*again)->predict(data, parts->test);
    REQUIRE((before && after));
    CHECK(before->values == after->values);
    CHECK(before->probabilities == after->probabilities);
    CHECK(before->clusters == after->clusters);
    CHECK((*again)->evaluate(data, parts->test)->at(score.name) == own->at(score.name));
  }
}

TEST_CASE(
    "a training with the same seed makes the same bytes with any threads, also when they change") {
  for (auto each : examples()) {
    temp_folder in;
    const auto data = loaded(written(in, "a.csv", each.text), each.schema);
    if (each.what == task::classification || each.what == task::regression)
      each.parameters["subsample"] = each.parameters["colsample_bytree"] = "0.7";
    silent_watch changing;
    changing.thread_plan = {2, 3, 1};
    const auto one = train(data, each), two = train(data, each, &changing);
    REQUIRE((one && two));
    CHECK(one->made->state() == two->made->state());
    CHECK(one->made->description() == two->made->description());
  }
}

TEST_CASE("a training that is cancelled ends soon") {
  for (auto each : examples()) {
    temp_folder in;
    const auto data = loaded(written(in, "a.csv", each.text), each.schema);
    silent_watch watch;
    watch.cancel_after = 1;
    const auto made = train(data, each, &watch);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == trouble_code::cancelled);
    CHECK(watch.iterations <= 2);
  }
}

TEST_CASE("clusters are found when their number is not given") {
  temp_folder in;
  for (const auto* method : {"kmeans", "mixture"}) {
    const auto data = loaded(written(in, "a.csv", blobs(400)), "columns: {target: target}");
    const auto made = train(data, {task::clustering, "", "", {{"method", method}}, 0});
    REQUIRE(made);
    CHECK(made->used.at("clusters_used") == "4");
    CHECK(made->made->evaluate(data, split_rows(data, {})->test)->at("ari") > 0.98);
  }
}

TEST_CASE("a rare class counts as much as a frequent one when weights are balanced") {
  temp_folder in;
  random_numbers chance(4);
  std::string text = "x,target\n";
  for (int i = 0; i < 2'000; ++i) {
    const double x = chance.fraction();
    text += std::to_string(x) + (x > 0.9 && chance.fraction() < 0.4 ? ",rare\n" : ",often\n");
  }
  const auto data = loaded(written(in, "a.csv", text), "columns: {target: target}");
  const auto score = [&](const char* weights) {
    const auto made =
        train(data, {task::classification,
                     "",
                     "",
                     {{"class_weights", weights}, {"rounds", "3"}, {"max_depth", "1"}},
                     0});
    REQUIRE(made);
    return made->made->evaluate(data, split_rows(data, {})->test)->at("macro_f1");
  };
  CHECK(score("balanced") > score("none") + 0.05);
}

TEST_CASE("ratings are learnt as well on a scale of thousands as of five") {
  temp_folder in;
  const auto data = loaded(written(in, "a.csv", ratings(false)),
                           "columns: {user: user, item: item, target: target}");
  auto large = data;
  for (auto& each : large.columns)
    for (auto& value : each.numbers) value = value * 1'000 + 5'000;
  const example how{task::recommendation, "", "", {{"factors", "4"}}, 0};
  const auto one = train(data, how), two = train(large, how);
  REQUIRE((one && two));
  const auto r2 = [](const fitted& of, const table& on) {
    return of.made->evaluate(on, split_rows(on, {})->test)->at("r2");
  };
  CHECK(r2(*one, data) > 0.85);
  CHECK(r2(*two, large) > 0.85);
}

TEST_CASE("who is not known gets what is popular") {
  temp_folder in;
  const auto data =
      loaded(written(in, "a.csv", ratings(true)), "columns: {user: user, item: item}");
  const auto made = train(data, {task::recommendation, "", "", {{"factors", "4"}}, 0});
  REQUIRE(made);
  const auto stranger =
      loaded(written(in, "b.csv", "user,item\nnobody,i1\nnobody,i2\nu1,i1\nu1,none\n"),
             "columns: {user: user, item: item}");
  const auto said = made->made->predict(stranger, {0, 1, 2, 3});
  REQUIRE(said);
  CHECK(said->values[0] == std::floor(said->values[0]));  // how often it was taken
  CHECK(said->values[2] != std::floor(said->values[2]));
  CHECK(said->values[3] == 0);
}

TEST_CASE("what can not be learnt from is refused with a clear word") {
  const std::string target = "columns: {target: target}";
  CHECK(refusal(task::classification, flat(50, [](double, double, int) { return "one"; }), target)
            .find("has one class only among the training rows, 'one'") != std::string::npos);
  CHECK(refusal(task::classification, "x,target\n1,a\n", target)
            .find("of its 1 rows none comes into the") != std::string::npos);
  std::string many = "x,target\n";
  for (int i = 0; i < 3'000; ++i) many += std::to_string(i) + ",t" + std::to_string(i) + "\n";
  CHECK(refusal(task::classification, many, "columns: {target: [categorical, target]}")
            .find("more than 1000 different values; is it a number to be forecast") !=
        std::string::npos);
  CHECK(refusal(task::regression, heights(50) + "0.1,0.1,0.1,k0,tall\n", target)
            .find("a.csv:52: column 'target': 'tall' is no number, but the target") !=
        std::string::npos);
  CHECK(refusal(task::regression, heights(50) + "0.1,0.1,0.1,k0,\n", target)
            .find("column 'target': the target has no value") != std::string::npos);
  CHECK(refusal(task::regression, flat(50, [](double, double, int) { return "5"; }), target)
            .find("the target 'target' is 5 in all training rows") != std::string::npos);
  CHECK(refusal(task::regression, heights(50), "{}").find("no column is the target") !=
        std::string::npos);
  CHECK(refusal(task::ranking, halves(), target)
            .find("a ranking needs the column that tells which rows belong to one query") !=
        std::string::npos);
  CHECK(refusal(task::ranking, "q,x,target\n" + std::string([] {
                                 std::string t;
                                 for (int i = 0; i < 60; ++i)
                                   t += std::to_string(i) + ",1." + std::to_string(i) + ",1\n";
                                 return t;
                               }()),
                "columns: {q: query, target: target}")
            .find("there is no order to learn") != std::string::npos);
  CHECK(
      refusal(task::ranking, queries(20) + "q1,0.5,0.5,-1\n", "columns: {q: query, target: target}")
          .find("a relevance is a whole number from 0 to 31") != std::string::npos);
  CHECK(refusal(task::recommendation, halves(), target)
            .find("a recommendation needs the column of the users") != std::string::npos);
  CHECK(refusal(task::clustering, blobs(30), target, {{"clusters", "90"}})
            .find("can not be divided into 90 clusters") != std::string::npos);
  CHECK(refusal(task::regression, heights(50), target, {{"round", "3"}})
            .find("parameter 'round' is not known here") != std::string::npos);
  CHECK(refusal(task::regression, heights(50), target, {{"rounds", "many"}})
            .find("parameter rounds: 'many'; expected a whole number") != std::string::npos);
}

TEST_CASE("a damaged model is refused") {
  temp_folder in;
  for (const auto& each : examples()) {
    const auto data = loaded(written(in, "a.csv", each.text), each.schema);
    const auto made = train(data, each);
    REQUIRE(made);
    auto lacks = made->made->description();
    lacks.erase(lacks.begin());
    const auto state = made->made->state();
    CHECK_FALSE(load(each.what, lacks, state));
    const bool boosted = each.what != task::clustering && each.what != task::recommendation;
    if (!boosted)
      CHECK_FALSE(load(each.what, made->made->description(), state.substr(0, state.size() / 2)));
  }
}
