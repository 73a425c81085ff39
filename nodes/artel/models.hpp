// Verbs about models and experiments; they read a folder of models and need no node.
#pragma once

#include "nodes/artel/run.hpp"

namespace artel::cli {

struct predict_options {
  std::string model, file, to;
  std::size_t top = 0;
};
int predict(const predict_options& what);

struct experiment_options {
  std::string models = "models";
  std::string name, version, other, to = "mlruns", server;
};
int list_experiments(const context& cli, const experiment_options& what);
int show_experiment(const context& cli, const experiment_options& what);
int compare_experiments(const context& cli, const experiment_options& what);
int export_experiments(const context& cli, const experiment_options& what);

}  // namespace artel::cli
