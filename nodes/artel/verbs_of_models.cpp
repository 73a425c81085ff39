// Verbs about models: predict, experiments.
#include "nodes/artel/command_line.hpp"

namespace artel::cli {

void command_line::add_model_verbs() {
  auto* to = verb("predict", "what a trained model says of a table's rows, as CSV",
                  [this] { return predict(predict_); });
  to->add_option("model", predict_.model,
                 "folder of a version, or of a model (its version in service)")
      ->required();
  to->add_option("file", predict_.file, "CSV, TSV, JSON Lines or libsvm")->required();
  to->add_option("-o,--output", predict_.to, "write there instead of stdout");
  to->add_option("--top", predict_.top, "of a recommendation: so many items for each user")
      ->check(CLI::Range(1, 1'000'000));

  auto* all = app_.add_subcommand("experiments", "trainings that are kept in a folder of models");
  all->require_subcommand(1);
  const auto add = [&](const char* name, const char* purpose,
                       int (*act)(const context&, const experiment_options&)) {
    auto* one = all->add_subcommand(name, purpose);
    one->add_option("--models", experiment_.models, "folder of models")->capture_default_str();
    one->callback([this, act] { chosen_ = [this, act] { return act(cli_, experiment_); }; });
    return one;
  };
  add("list", "newest first", list_experiments)->add_option("model", experiment_.name);
  auto* show = add("show", "parameters and scores of one", show_experiment);
  show->add_option("model", experiment_.name)->required();
  show->add_option("version", experiment_.version, "default: the one in service");
  auto* compare = add("compare", "two of one model", compare_experiments);
  compare->add_option("model", experiment_.name)->required();
  compare->add_option("version", experiment_.version)->required();
  compare->add_option("other", experiment_.other, "default: the one in service");
  auto* into = add("export", "to MLflow: as its file store, or to a server", export_experiments);
  into->add_option("model", experiment_.name);
  into->add_option("-o,--output", experiment_.to, "folder of the store")->capture_default_str();
  into->add_option("--server", experiment_.server,
                   "an MLflow server instead, as http://127.0.0.1:5000");
}

}  // namespace artel::cli
