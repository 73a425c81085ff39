// The steps of a retraining: train, judge, promote, keep, clean up, watch.
#include <nlohmann/json.hpp>

#include "actors/training/data/random.hpp"
#include "actors/training/models/model_folder.hpp"
#include "actors/training/steps.hpp"
#include "tests/unit/training/tables.hpp"

using namespace artel;
using namespace artel::tests;
using namespace artel::training;
using nlohmann::json;

namespace {

class heard : public step_monitor {
public:
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  void log(std::string_view line) override { lines += std::string(line) + "\n"; }
  bool cancelled() const override { return false; }
  std::string lines;
};

/// A folder of models and one of data; what a step stages is published by hand.
struct bench {
  outcome<step_result> run(native_step step, std::map<std::string, std::string> with,
                           const char* output = "models") {
    step_input input;
    input.with = std::move(with);
    input.output = in.path() / output;
    input.staging = in.path() / "staging";
    std::filesystem::create_directories(input.output);
    std::filesystem::create_directories(input.staging);
    auto made = step(input, said);
    if (made)
      std::filesystem::copy(input.staging, input.output,
                            std::filesystem::copy_options::recursive |
                                std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove_all(input.staging);
    return made;
  }
  json train(const std::string& version, const std::string& rounds, const std::string& more = "") {
    const auto made = run(train_step, {{"task", "regression"},
                                       {"name", "price"},
                                       {"data", data},
                                       {"target", "y"},
                                       {"version", version},
                                       {"parameters", "rounds=" + rounds + more}});
    INFO((made ? "" : made.error().text));
    REQUIRE(made);
    return json::parse(*made);
  }
  json evaluate(const std::string& version, const std::string& margin = "0") {
    const auto made =
        run(evaluate_step, {{"models", "price, other"}, {"version", version}, {"margin", margin}});
    INFO((made ? "" : made.error().text));
    REQUIRE(made);
    return json::parse(*made)["models"][0];
  }
  std::string in_service() {
    return json::parse(*read_whole(in.path() / "models/price/in_service.json"))["version"]
        .get<std::string>();
  }

  temp_folder in;
  heard said;
  std::string data = written(in, "a.csv", [] {
    random_numbers chance(1);
    std::string text = "x,z,y\n";
    for (int i = 0; i < 2'000; ++i) {
      const double x = chance.about_normal();
      text += std::to_string(x) + "," + std::to_string(chance.fraction()) + "," +
              std::to_string(x * x + 0.1 * chance.about_normal()) + "\n";
    }
    return text;
  }());
};

}  // namespace

TEST_CASE(
    "the first model that beats its baseline is promoted, and a better one by the margin replaces "
    "it") {
  bench b;
  const auto first = b.train("v1", "5");
  CHECK(first["beats_baseline"] == true);
  CHECK(b.evaluate("v1")["promoted"] == true);
  CHECK(b.in_service() == "v1");
  b.train("v2", "4");
  const auto worse = b.evaluate("v2");
  CHECK(worse["promoted"] == false);
  CHECK(worse["in_service"] == "v1");
  CHECK(worse["in_service_test"] == first["test"]);
  b.train("v3", "40");
  CHECK(b.evaluate("v3", "0.99")["why"] == "not better than the one in service by the margin");
  CHECK(b.in_service() == "v1");
  CHECK(b.evaluate("v3", "0.1")["promoted"] == true);
  CHECK(b.in_service() == "v3");
  CHECK(b.said.lines.find("other") != std::string::npos);
  CHECK(b.said.lines.find("not trained in this run") != std::string::npos);
}

TEST_CASE("a model that is no better than its baseline is kept out of service, and it is said") {
  bench b;
  b.data = written(b.in, "noise.csv", [] {
    random_numbers chance(2);
    std::string text = "x,y\n";
    for (int i = 0; i < 300; ++i)
      text += std::to_string(chance.fraction()) + "," + std::to_string(chance.fraction()) + "\n";
    return text;
  }());
  b.train("v1", "200", ", early_stopping=0");
  CHECK(b.evaluate("v1")["why"] == "no better than its baseline");
  CHECK_FALSE(std::filesystem::exists(b.in.path() / "models/price/in_service.json"));
  CHECK(b.said.lines.find("the model is no better than its baseline: rmse") != std::string::npos);
}

TEST_CASE("an evaluation of a run that trained nothing fails") {
  bench b;
  const auto made = b.run(evaluate_step, {{"models", "price"}, {"version", "v9"}});
  REQUIRE_FALSE(made);
  CHECK(made.error().text.find("none of the models was trained in this run") != std::string::npos);
}

TEST_CASE("old experiments go, but never the one in service and never the newest") {
  bench b;
  for (const auto* version : {"v1", "v2", "v3"}) b.train(version, "3");
  b.evaluate("v1");
  const auto clean = [&](const std::string& days) {
    const auto made =
        b.run(cleanup_step,
              {{"models", (b.in.path() / "models").string()}, {"older_than_days", days}}, "other");
    REQUIRE(made);
    return json::parse(*made)["removed"].get<int>();
  };
  CHECK(clean("30") == 0);
  const auto folder = b.in.path() / "models/price";
  const auto age = [&](const std::string& version, int days) {
    std::filesystem::last_write_time(
        folder / version / "artel.json",
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * days));
  };
  age("v1", 90), age("v2", 40), age("v3", 35);
  CHECK(clean("30") == 1);
  CHECK(std::filesystem::exists(folder / "v1/model.json"));
  CHECK_FALSE(std::filesystem::exists(folder / "v2"));
  CHECK(std::filesystem::exists(folder / "v3/model.json"));
}

TEST_CASE(
    "drift is a warning in one window and an alert in the second, and few rows are not judged") {
  bench b;
  b.train("v1", "20");
  b.evaluate("v1");
  std::uint64_t seed = 5;
  const auto watch = [&](double shift, int count) {
    random_numbers chance(seed);
    std::string text = "x,z\n";
    for (int i = 0; i < count; ++i)
      text += std::to_string(chance.about_normal() + shift) + "," +
              std::to_string(chance.fraction()) + "\n";
    const auto made = b.run(drift_step,
                            {{"name", "price"},
                             {"models", (b.in.path() / "models").string()},
                             {"data", written(b.in, "now.csv", text)}},
                            "drift");
    INFO((made ? "" : made.error().text));
    REQUIRE(made);
    ++seed;
    return json::parse(*made)["drift"].get<std::string>();
  };
  CHECK(watch(1, 100) == "not enough data");
  CHECK(watch(0, 1'000) == "none");
  CHECK(watch(1, 1'000) == "warning");
  --seed;  // the same rows again are no second window
  CHECK(watch(1, 1'000) == "warning");
  CHECK(watch(1, 1'000) == "alert");
  --seed;
  CHECK(watch(1, 1'000) == "alert");
  CHECK(watch(0, 1'000) == "none");
  CHECK(watch(1, 1'000) == "warning");
  CHECK(watch(1, 100) == "not enough data");
  CHECK(watch(1, 1'000) == "warning");
  CHECK(b.said.lines.find("ALERT price: ") != std::string::npos);
}

TEST_CASE("a snapshot of features is made when something has changed, and tells of each column") {
  bench b;
  const auto snapshot = [&](const std::string& version) {
    const auto made = b.run(features_step, {{"tables", b.data}, {"version", version}}, "features");
    INFO((made ? "" : made.error().text));
    REQUIRE(made);
    return json::parse(*made);
  };
  CHECK(snapshot("v1")["changed"] == true);
  const auto again = snapshot("v2");
  CHECK(again["changed"] == false);
  CHECK(again["version"] == "v1");
  CHECK_FALSE(std::filesystem::exists(b.in.path() / "features/snapshots/v2"));
  written(b.in, "a.csv", "x,z,y\n1,2,3\n4,,6\n");
  CHECK(snapshot("v3")["changed"] == true);
  const auto about =
      json::parse(*read_whole(b.in.path() / "features/snapshots/v3/statistics.json"));
  const auto& columns = about["tables"][0]["columns"];
  CHECK(columns[1]["missing"] == 1);
  CHECK(columns[2]["mean"] == 4.5);
  CHECK(columns[2]["max"] == 6.0);
  // The oldest go when there are more than are to be kept.
  for (const auto* version : {"v4", "v5"}) {
    written(b.in, "a.csv", std::string("x,z,y\n1,2,") + version[1] + "\n4,5,6\n");
    const auto made =
        b.run(features_step, {{"tables", b.data}, {"version", version}, {"keep", "2"}}, "features");
    REQUIRE(made);
  }
  CHECK_FALSE(std::filesystem::exists(b.in.path() / "features/snapshots/v1"));
  CHECK_FALSE(std::filesystem::exists(b.in.path() / "features/snapshots/v3"));
  CHECK(std::filesystem::exists(b.in.path() / "features/snapshots/v4"));
  CHECK(std::filesystem::exists(b.in.path() / "features/snapshots/v5"));
}

TEST_CASE("a snapshot that was removed or is damaged is made anew") {
  bench b;
  const auto snapshot = [&](const std::string& version) {
    const auto made = b.run(features_step, {{"tables", b.data}, {"version", version}}, "features");
    REQUIRE(made);
    return json::parse(*made)["changed"].get<bool>();
  };
  CHECK(snapshot("v1"));
  CHECK_FALSE(snapshot("v2"));
  std::filesystem::remove(b.in.path() / "features/snapshots/v1/a.csv");
  CHECK(snapshot("v3"));
  std::filesystem::remove_all(b.in.path() / "features/snapshots");
  CHECK(snapshot("v4"));
}

TEST_CASE(
    "a candidate whose rows are gone is not promoted, one whose rival can not be read is, and it "
    "is said") {
  bench b;
  b.train("v1", "5");
  b.evaluate("v1");
  b.train("v2", "40");
  std::filesystem::rename(b.data, b.data + ".away");
  CHECK(b.evaluate("v2")["promoted"] == false);
  CHECK(b.in_service() == "v1");
  std::filesystem::rename(b.data + ".away", b.data);
  std::ofstream(b.in.path() / "models/price/v1/model.json") << "{";
  const auto told = b.evaluate("v2");
  CHECK(told["promoted"] == true);
  CHECK(told["why"].get<std::string>().find("the one in service can not be judged") == 0);
}

TEST_CASE("when it can not be told which model is in service none is removed") {
  bench b;
  for (const auto* version : {"v1", "v2"}) b.train(version, "3");
  std::ofstream(b.in.path() / "models/price/in_service.json") << "{\"vers";
  for (const auto* version : {"v1", "v2"})
    std::filesystem::last_write_time(
        b.in.path() / "models/price" / version / "artel.json",
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 90));
  const auto made =
      b.run(cleanup_step, {{"models", (b.in.path() / "models").string()}, {"keep", "0"}}, "other");
  REQUIRE(made);
  CHECK(json::parse(*made)["removed"] == 0);
  // Nor is one put in its place without a comparison.
  const auto told = b.evaluate("v2");
  CHECK(told["promoted"] == false);
  CHECK(told["why"].get<std::string>().find("is damaged: it does not say which version") !=
        std::string::npos);
}

TEST_CASE("what is wrong with a step's keys is said with the key") {
  bench b;
  const auto said = [&](std::map<std::string, std::string> with) {
    const auto made = b.run(train_step, std::move(with));
    return made ? std::string() : made.error().text;
  };
  CHECK(said({{"task", "guess"}, {"data", b.data}, {"version", "v"}})
            .find("task 'guess': expected classification") == 0);
  CHECK(said({{"task", "regression"}, {"version", "v"}}) ==
        "with: data: is needed and has no value");
  CHECK(said({{"task", "regression"}, {"data", b.data}, {"version", "v"}, {"target", "w"}})
            .find("has no column 'w'; its columns are x, z, y") != std::string::npos);
  CHECK(said({{"task", "regression"},
              {"data", b.data},
              {"version", "v"},
              {"target", "y"},
              {"test_share", "2"}})
            .find("with: test_share: '2'; expected a number") == 0);
  CHECK(said({{"task", "regression"},
              {"data", b.data},
              {"version", "v"},
              {"target", "y"},
              {"parameters", "rounds"}})
            .find("with: parameters: 'rounds'; expected name=value") == 0);
}
