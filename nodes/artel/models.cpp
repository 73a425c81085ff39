#include "nodes/artel/models.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

#include "actors/training/experiments/experiments.hpp"
#include "actors/training/models/prediction_file.hpp"

namespace artel::cli {
namespace {

using training::experiment;

std::string number(const nlohmann::json& value) {
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value.get<double>());
  return text;
}

json json_of(const experiment& of) {
  return {
      {"name", of.name},
      {"version", of.version},
      {"task", of.about.value("task", "")},
      {"in_service", of.in_service},
      {"made_ms", of.made_ms},
      {"score", of.about.at("headline").value("score", "")},
      {"scores", json::parse(of.about.at("scores").dump())},
      {"parameters", json::parse(of.about.value("parameters", nlohmann::json::object()).dump())},
      {"notes", json::parse(of.about.value("notes", nlohmann::json::array()).dump())}};
}

void print_scores(const std::vector<const experiment*>& all) {
  std::vector<std::vector<std::string>> rows{{"SCORE"}};
  for (const auto* each : all)
    for (const char* part : {"train", "validation", "test", "baseline"})
      rows[0].push_back((all.size() == 1 ? "" : each->version.substr(0, 12) + " ") + part);
  std::set<std::string> names;
  for (const auto* each : all)
    for (const auto& [part, values] : each->about.at("scores").items())
      for (const auto& [name, value] : values.items()) names.insert(name);
  for (const auto& name : names) {
    rows.push_back({name});
    for (const auto* each : all)
      for (const char* part : {"train", "validation", "test", "baseline"}) {
        const auto of = each->about.at("scores").value(part, nlohmann::json::object());
        rows.back().push_back(of.contains(name) ? number(of.at(name)) : "-");
      }
  }
  std::cout << table(rows);
}

}  // namespace

int predict(const predict_options& what) {
  const auto model = training::open_model_or_service(what.model);
  if (!model) return fail(model.error());
  if (what.to.empty()) {
    const auto done = training::write_predictions(*model, what.file, what.top, std::cout);
    return done ? nodes::exit_ok : fail(done.error());
  }
  // Beside its place first: a mistake in the middle leaves what was there.
  const auto beside = what.to + ".new";
  std::ofstream out(beside);
  const auto done = training::write_predictions(*model, what.file, what.top, out);
  out.close();
  if (done && out && std::rename(beside.c_str(), what.to.c_str()) == 0) return nodes::exit_ok;
  const std::string why = std::strerror(errno);
  std::remove(beside.c_str());
  return done ? fail({trouble_code::io_error, what.to + " can not be written: " + why})
              : fail(done.error());
}

int list_experiments(const context& cli, const experiment_options& what) {
  std::vector<std::string> damaged;
  const auto all = training::list_experiments(what.models, damaged);
  if (!all) return fail(all.error());
  for (const auto& each : damaged) std::cerr << "artel: " << each << '\n';
  if (cli.as_json) {
    auto made = json::array();
    for (const auto& each : *all)
      if (what.name.empty() || each.name == what.name) made.push_back(json_of(each));
    std::cout << print(made) << '\n';
    return nodes::exit_ok;
  }
  std::vector<std::vector<std::string>> rows{
      {"MODEL", "VERSION", "SCORE", "TRAIN", "TEST", "BASELINE", "SECONDS", "MADE", ""}};
  for (const auto& each : *all)
    if (what.name.empty() || each.name == what.name)
      rows.push_back(
          {each.name, each.version, each.about.at("headline").value("score", ""),
           number(each.score("train")), number(each.score("test")), number(each.score("baseline")),
           number(each.run.is_object() && each.run.contains("seconds") ? each.run.at("seconds")
                                                                       : nlohmann::json()),
           clock_time(each.made_ms), each.in_service ? "in service" : ""});
  std::cout << table(rows);
  return nodes::exit_ok;
}

int show_experiment(const context& cli, const experiment_options& what) {
  const auto one = training::find_experiment(what.models, what.name, what.version);
  if (!one) return fail(one.error());
  if (cli.as_json) {
    std::cout << print(json_of(*one)) << '\n';
    return nodes::exit_ok;
  }
  const auto data = one->about.value("data", nlohmann::json::object());
  std::cout << one->name << ' ' << one->version << (one->in_service ? ", in service" : "") << '\n'
            << "  made        " << clock_time(one->made_ms) << ", " << one->folder.string() << '\n'
            << "  data        " << data.value("path", "") << ", " << data.value("rows", 0)
            << " rows: " << data.value("train", 0) << " train, " << data.value("validation", 0)
            << " validation, " << data.value("test", 0) << " test\n";
  std::cout << "  parameters  seed=" << one->about.value("seed", nlohmann::json(0)).dump();
  const auto parameters = one->about.value("parameters", nlohmann::json::object());
  for (const auto& [name, value] : parameters.items())
    std::cout << ' ' << name << '='
              << (value.is_string() ? value.get<std::string>() : value.dump());
  std::cout << '\n';
  const auto notes = one->about.value("notes", std::vector<std::string>());
  for (const auto& note : notes) std::cout << "  note        " << note << '\n';
  print_scores({&*one});
  return nodes::exit_ok;
}

int compare_experiments(const context& cli, const experiment_options& what) {
  const auto one = training::find_experiment(what.models, what.name, what.version);
  if (!one) return fail(one.error());
  const auto other = training::find_experiment(what.models, what.name, what.other);
  if (!other) return fail(other.error());
  if (cli.as_json) {
    std::cout << print(json{json_of(*one), json_of(*other)}) << '\n';
    return nodes::exit_ok;
  }
  const auto a = one->about.value("parameters", nlohmann::json::object()),
             b = other->about.value("parameters", nlohmann::json::object());
  for (const auto& [name, value] : a.items())
    if (!b.contains(name) || b.at(name) != value)
      std::cout << name << ": " << value.dump() << " and "
                << (b.contains(name) ? b.at(name).dump() : "none") << '\n';
  print_scores({&*one, &*other});
  return nodes::exit_ok;
}

int export_experiments(const context&, const experiment_options& what) {
  std::vector<std::string> damaged;
  auto all = training::list_experiments(what.models, damaged);
  if (!all) return fail(all.error());
  for (const auto& each : damaged) std::cerr << "artel: " << each << '\n';
  if (!what.name.empty())
    std::erase_if(*all, [&](const auto& each) { return each.name != what.name; });
  const bool sends = !what.server.empty();
  const auto written = sends ? training::log_to_mlflow(*all, what.server)
                             : training::export_to_mlflow(*all, what.to);
  if (!written) return fail(written.error());
  std::cout << *written << " of " << all->size() << " experiments written to "
            << (sends ? what.server : what.to) << '\n';
  return nodes::exit_ok;
}

}  // namespace artel::cli
