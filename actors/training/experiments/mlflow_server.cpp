// MLflow's REST interface 2.0. Bounds of a batch are the server's: 1,000 metrics, 100 parameters,
// 100 tags.
#include <httplib.h>

#include <cstdlib>

#include "actors/training/experiments/experiments.hpp"

namespace artel::training {
namespace {

using nlohmann::json;

constexpr std::size_t metrics_per_batch = 1'000, texts_per_batch = 100;
constexpr std::size_t parameter_bytes_max = 500;
constexpr int connect_s = 10, answer_s = 60;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class mlflow_server {
public:
  explicit mlflow_server(const std::string& address) : address_(address), client_(address) {
    if (!client_.is_valid())
      throw trouble{trouble_code::bad_input,
                    "MLflow server '" + address + "': expected http://HOST:PORT or https://HOST"};
    client_.set_connection_timeout(connect_s, 0);
    client_.set_read_timeout(answer_s, 0);
    if (const auto token = variable("MLFLOW_TRACKING_TOKEN"); !token.empty())
      client_.set_bearer_token_auth(token);
    else if (const auto user = variable("MLFLOW_TRACKING_USERNAME"); !user.empty())
      client_.set_basic_auth(user, variable("MLFLOW_TRACKING_PASSWORD"));
  }

  json call(const std::string& path, const json& body) {
    const auto said = client_.Post("/api/2.0/mlflow/" + path, body.dump(), "application/json");
    if (!said)
      throw trouble{trouble_code::unavailable, "MLflow server " + address_ + " does not answer (" +
                                                   httplib::to_string(said.error()) +
                                                   "); is it up, and the address right?"};
    auto answer = json::parse(said->body, nullptr, false);
    if (said->status == 200 && answer.is_object()) return answer;
    throw trouble{
        answer.is_object() && answer.value("error_code", "") == "RESOURCE_ALREADY_EXISTS"
            ? trouble_code::conflict
            : trouble_code::io_error,
        "MLflow server " + address_ + ", " + path + ": " + std::to_string(said->status) + " " +
            (answer.is_object() ? answer.value("message", "") : said->body.substr(0, 200))};
  }

private:
  std::string address_;
  httplib::Client client_;
};

std::string experiment_id(mlflow_server& server, const std::string& name) {
  const auto find = [&]() -> std::string {
    const auto found = server.call("experiments/search",
                                   {{"filter", "name = '" + name + "'"}, {"max_results", 1}});
    const auto list = found.value("experiments", json::array());
    return list.empty() ? "" : list[0].at("experiment_id").get<std::string>();
  };
  if (auto id = find(); !id.empty()) return id;
  try {
    return server.call("experiments/create", {{"name", name}})
        .at("experiment_id")
        .get<std::string>();
  } catch (const trouble& e) {  // another was faster
    if (e.code != trouble_code::conflict) throw;
    if (auto id = find(); !id.empty()) return id;
    throw trouble{trouble_code::conflict,
                  "MLflow server: its experiment '" + name +
                      "' was deleted; restore it there, or remove it for good"};
  }
}

/// False when a finished one is there; one that was cut is deleted.
bool is_wanted(mlflow_server& server, const std::string& id, const experiment& of) {
  const auto found =
      server.call("runs/search", {{"experiment_ids", {id}},
                                  {"filter", "tags.`artel.version` = '" + of.version + "'"},
                                  {"max_results", 100}});
  const auto list = found.value("runs", json::array());
  for (const auto& each : list) {
    const auto& info = each.at("info");
    if (info.at("status") == "FINISHED") return false;
    server.call("runs/delete", {{"run_id", info.at("run_id")}});
  }
  return true;
}

/// Within the bound, and not in the middle of a letter.
std::string cut(const std::string& text) {
  if (text.size() <= parameter_bytes_max) return text;
  auto end = parameter_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

json texts(const std::vector<std::pair<std::string, std::string>>& of) {
  auto made = json::array();
  for (const auto& [key, value] : of) made.push_back({{"key", key}, {"value", cut(value)}});
  return made;
}

void log(mlflow_server& server, const std::string& id, const experiment& of) {
  const auto created = server.call("runs/create", {{"experiment_id", id},
                                                   {"run_name", of.version},
                                                   {"start_time", began_ms(of)},
                                                   {"tags", texts(tags_of(of))}});
  const auto run = created.at("run").at("info").at("run_id").get<std::string>();
  const auto parameters = texts(parameters_of(of));
  for (std::size_t at = 0; at < parameters.size(); at += texts_per_batch) {
    const auto first = parameters.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min(texts_per_batch, parameters.size() - at);
    server.call(
        "runs/log-batch",
        {{"run_id", run},
         {"params", json(std::vector<json>(first, first + static_cast<std::ptrdiff_t>(count)))}});
  }
  const auto all = metrics_of(of);
  for (std::size_t at = 0; at < all.size(); at += metrics_per_batch) {
    auto metrics = json::array();
    for (auto i = at; i < std::min(at + metrics_per_batch, all.size()); ++i)
      metrics.push_back({{"key", all[i].key},
                         {"value", all[i].value},
                         {"timestamp", of.made_ms},
                         {"step", all[i].step}});
    server.call("runs/log-batch", {{"run_id", run}, {"metrics", metrics}});
  }
  server.call("runs/update", {{"run_id", run}, {"status", "FINISHED"}, {"end_time", of.made_ms}});
}

}  // namespace

outcome<std::size_t> log_to_mlflow(const std::vector<experiment>& all, const std::string& address) {
  std::size_t logged = 0;
  try {
    mlflow_server server(address);
    for (const auto& each : all) {
      const auto id = experiment_id(server, each.name);
      if (!is_wanted(server, id, each)) continue;
      log(server, id, each);
      ++logged;
    }
  } catch (const trouble& e) {
    return e;
  } catch (const json::exception& e) {
    return trouble{
        trouble_code::io_error,
        "MLflow server " + address + " gave an answer that is none of its own: " + e.what()};
  }
  return logged;
}

}  // namespace artel::training
