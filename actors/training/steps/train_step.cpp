// Trains one model: table → parts → fit → scores → <output>/<name>/<version>/. Other parts of the
// same table never reach the fit; what is learnt of columns is learnt from the training part.
#include <chrono>

#include "actors/training/drift/reference.hpp"
#include "actors/training/models/model_folder.hpp"
#include "actors/training/steps.hpp"
#include "actors/training/steps/options.hpp"

namespace artel::training {
namespace {

using json = nlohmann::json;

/// Tells iterations to the node and keeps their scores as JSON lines.
class step_watch : public training_watch {
public:
  /// `threads` 0: as many as the node allots.
  step_watch(step_monitor& monitor, std::uint32_t threads) : monitor_(monitor), fixed_(threads) {}
  void iteration(std::uint32_t done, std::uint32_t total, const scores& told) override {
    std::string text;
    for (const auto& [name, value] : told)
      text += (text.empty() ? "" : " ") + name + "=" + json(value).dump();
    monitor_.progress(done, total, text);
    json line(told);
    line["step"] = ++step_;
    lines_ += line.dump() + "\n";
  }
  bool cancelled() const override { return monitor_.cancelled(); }
  std::uint32_t threads() const override {
    const auto now = fixed_ != 0 ? fixed_ : monitor_.cores();
    most_ = std::max(most_, now);
    return now;
  }
  std::uint32_t most_threads() const { return most_; }
  const std::string& lines() const { return lines_; }

private:
  step_monitor& monitor_;
  std::uint32_t fixed_;
  mutable std::uint32_t most_ = 1;
  std::uint32_t step_ = 0;
  std::string lines_;
};

struct all_scores {
  scores train, validation, test, baseline;
};

outcome<all_scores> judge(const model& of, const table& data, const row_parts& parts,
                          const table* test) {
  all_scores made;
  const auto take = [&](scores& into, outcome<scores> said) {
    if (!said) throw said.error();
    into = *std::move(said);
  };
  try {
    take(made.train, of.evaluate(data, parts.train));
    // A recommendation has learnt its validation rows in the end.
    if (!parts.validation.empty() && of.kind() != task::recommendation)
      take(made.validation, of.evaluate(data, parts.validation));
    const auto& from = test == nullptr ? data : *test;
    const auto rows = test == nullptr ? parts.test : all_rows(*test);
    take(made.test, of.evaluate(from, rows));
    take(made.baseline, of.baseline(from, rows));
  } catch (const trouble& e) {
    return e;
  }
  return made;
}

json number(const scores& of, const std::string& name) {
  const auto found = of.find(name);
  return found == of.end() || !std::isfinite(found->second) ? json() : json(found->second);
}

bool better(const json& a, const json& b, bool higher) {
  if (!a.is_number() || !b.is_number()) return false;
  return higher ? a.get<double>() > b.get<double>() : a.get<double>() < b.get<double>();
}

/// All that belongs to one training.
struct training {
  task what;
  std::string name, version, path;
  split_request request;
  fit_settings how;
  std::uint32_t threads = 0;  ///< 0: as many as the node allots
  table data;
  row_parts parts;
  std::optional<table> test;
};

training open_training(const step_options& options, step_monitor& monitor) {
  training made;
  const auto what = task_from(options.required("task"));
  if (!what) throw data_mistake{what.error().text};
  made.what = *what;
  made.name = options.text("name", options.required("task"));
  made.version = options.required("version");
  made.how.seed = options.whole("seed", 1, 0, 1ULL << 53U);
  made.threads = static_cast<std::uint32_t>(options.whole("threads", 0, 0, 1'024));
  made.how.parameters = options.pairs("parameters");
  made.path = options.required("data");
  monitor.progress(0, 0, "reading " + made.path);
  made.data = open_table(made.path, made.what, options);
  made.request = split_in(options);
  auto parts = split_rows(made.data, made.request);
  if (!parts) throw data_mistake{parts.error().text};
  made.parts = *std::move(parts);
  if (const auto given = options.text("test"); !given.empty())
    made.test = load_table(given, schema_for(made.data.schema, given), true);
  return made;
}

/// artel.json: nothing in it hangs on when or where the training ran.
json about_training(const training& of, const fitted& learnt, const all_scores& judged,
                    const std::string& test_file) {
  auto about = describe(*learnt.made, of.name, of.version, of.data.schema);
  about["data"] = {{"path", of.path},
                   {"rows", of.data.rows()},
                   {"train", of.parts.train.size()},
                   {"validation", of.parts.validation.size()},
                   {"test", of.test ? of.test->rows() : of.parts.test.size()}};
  about["split"] = {
      {"by", of.request.by},     {"column", of.request.column},         {"seed", of.request.seed},
      {"test", of.request.test}, {"validation", of.request.validation}, {"test_file", test_file}};
  about["seed"] = of.how.seed;
  about["parameters"] = learnt.used;
  about["notes"] = learnt.notes;
  about["scores"] = {{"train", judged.train},
                     {"validation", judged.validation},
                     {"test", judged.test},
                     {"baseline", judged.baseline}};
  about["reference"] = to_json(reference_of(of.data, of.parts.train, *learnt.made));
  return about;
}

step_result headline_of(const training& of, const fitted& learnt, const all_scores& judged,
                        double seconds, step_monitor& monitor) {
  const auto score = learnt.made->headline();
  const auto test = number(judged.test, score.name), baseline = number(judged.baseline, score.name);
  const bool beats = better(test, baseline, score.higher_is_better);
  if (!beats)
    monitor.log(of.name + ": the model is no better than its baseline: " + score.name + " " +
                test.dump() + ", baseline " + baseline.dump());
  return json{{"model", of.name},
              {"version", of.version},
              {"score", score.name},
              {"train", number(judged.train, score.name)},
              {"test", test},
              {"baseline", baseline},
              {"beats_baseline", beats},
              {"rows", of.data.rows()},
              {"seconds", seconds}}
      .dump();
}

outcome<step_result> train(const step_input& input, step_monitor& monitor) {
  const auto began = std::chrono::steady_clock::now();
  const step_options options(input);
  const auto one = open_training(options, monitor);
  step_watch watch(monitor, one.threads);
  const auto learnt = fit(one.what, one.data, one.parts, one.how, watch);
  if (!learnt) return learnt.error();
  for (const auto& note : learnt->notes) monitor.log(one.name + ": " + note);
  const auto judged = judge(*learnt->made, one.data, one.parts, one.test ? &*one.test : nullptr);
  if (!judged) return judged.error();
  const auto folder = input.staging / one.name / one.version;
  const auto about = about_training(one, *learnt, *judged, options.text("test"));
  if (auto saved = save_model(folder, *learnt->made, about); !saved) return saved.error();
  if (auto put = write_whole(folder / "metrics.jsonl", watch.lines()); !put) return put.error();
  const auto seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (const auto given = options.text("metrics"); !given.empty())
    if (auto put = write_whole(given, watch.lines()); !put) return put.error();
  const json run{{"seconds", seconds}, {"threads", watch.most_threads()}};
  if (auto put = write_whole(folder / "run.json", run.dump(1) + "\n"); !put) return put.error();
  // The folder is published in one rename: nobody sees a version without its model.
  if (auto put = write_whole(folder / ".artel-whole", ""); !put) return put.error();
  return headline_of(one, *learnt, *judged, seconds, monitor);
}

}  // namespace

outcome<step_result> train_step(const step_input& input, step_monitor& monitor) {
  try {
    return train(input, monitor);
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  }
}

}  // namespace artel::training
