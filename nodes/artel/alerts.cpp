// artel alerts: what rules have found, silences, and rules in a file.
#include <algorithm>

#include "actors/operation/monitor.hpp"
#include "config/pipeline_file.hpp"
#include "config/quantities.hpp"
#include "nodes/artel/operating.hpp"

namespace artel::cli {
namespace {

std::string text_of(const std::map<std::string, std::string>& labels) {
  std::string all;
  for (const auto& [name, value] : labels) all += (all.empty() ? "" : ",") + name + "=" + value;
  return all;
}

}  // namespace

int alerts(const context& cli, bool all) {
  auto client = cli.client();
  const auto got = client.ask<alerts_listed>(list_alerts{all});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  if (!got->problem.empty()) std::cerr << "artel: " << got->problem << '\n';
  std::vector<std::vector<std::string>> rows{{"STATE", "SEVERITY", "RULE", "SINCE", "SUMMARY"}};
  for (const auto& one : got->alerts)
    rows.push_back(
        {std::string(to_text(one.state)), one.severity, one.rule, clock_time(one.since_ms),
         one.summary + (one.silenced.empty() ? "" : " (silenced " + one.silenced + ")")});
  std::cout << (got->alerts.empty() ? "no alerts\n" : table(rows));
  for (const auto& one : got->silences)
    std::cout << "silence: " << one.rule << (one.labels.empty() ? "" : " ") << text_of(one.labels)
              << " until " << clock_time(one.until_ms) << " by " << one.by
              << (one.reason.empty() ? "" : ": " + one.reason) << '\n';
  return nodes::exit_ok;
}

int alert_rules(const context& cli) {
  auto client = cli.client();
  const auto got = client.ask<alerts_listed>(list_alerts{false});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(got->rules)) << '\n', nodes::exit_ok;
  for (const auto& each : got->rules) std::cout << each << '\n';
  return got->problem.empty() ? nodes::exit_ok : fail(bad_input(got->problem));
}

int check_rules(const context&, const std::string& file) {
  const auto text = config::read_text_file(file);
  if (!text) return fail(text.error());
  const auto rules = operation::read_rules(*text, file);
  if (!rules) return fail(rules.error());
  std::cout << file << ": " << rules->rules.size() << " rules, " << rules->receivers.size()
            << " receivers\n";
  return nodes::exit_ok;
}

int silence(const context& cli, const silence_options& what, bool undo) {
  const auto labels = parse_params(what.labels, "-l");
  if (!labels) return fail(labels.error());
  const auto length = config::duration_ms(what.length);
  if (!length || *length == 0)
    return fail(bad_input("--for '" + what.length + "': expected a duration such as 2h"));
  auto client = cli.client();
  const auto got = client.ask<done_so>(silence_alerts{
      what.rule, *labels, undo ? 0 : static_cast<std::int64_t>(*length), what.reason, user_name()});
  if (!got) return fail(got.error());
  std::cout << got->text << '\n';
  return nodes::exit_ok;
}

}  // namespace artel::cli
