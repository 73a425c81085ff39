#include "nodes/artel/lint.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/rules/baseline.hpp"
#include "actors/analysis/rules/rule_list.hpp"
#include "actors/analysis/steps/loose_modules.hpp"
#include "actors/analysis/steps/parallel.hpp"
#include "actors/analysis/steps/parse_sources.hpp"
#include "actors/analysis/text/files.hpp"
#include "nodes/artel/lint_paths.hpp"

namespace artel::cli {
namespace {

namespace fs = std::filesystem;
using namespace analysis;

volatile std::sig_atomic_t interrupted = 0;

/// Ctrl-C ends the reading in good order.
class interruptible : public step_monitor {
public:
  interruptible() {
    for (const int number : {SIGINT, SIGTERM}) std::signal(number, [](int) { interrupted = 1; });
  }
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  void log(std::string_view line) override { std::cerr << "artel: " << line << '\n'; }
  bool cancelled() const override { return interrupted != 0; }
};

/// What is at a path, read: a configuration in either layout, a folder of modules, or one module.
struct sources {
  snapshot read;
  fs::path root;
};

// In memory: nothing of it is kept, and a CI host may have no room on its disk.
outcome<sources> read_sources(const fs::path& path, step_monitor& monitor) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return bad_input("there is no " + path_text(path) +
                     "; expected a 1C configuration, a folder of .bsl files or one .bsl file");
  memory_model read;
  const auto place = find_configuration(path);
  if (place) {
    const parse_order all{*place, path_text(path), {}, analysis_threads()};
    const auto parsed =
        parse_sources(all, monitor, [&](std::uint64_t) -> model_sink& { return read; });
    if (!parsed) return parsed.error();
  } else if (fs::exists(path / "Configuration.xml", ignored)) {
    return place.error();  // a configuration, but one that can not be read
  } else if (const auto parsed = parse_loose_modules(path, read, monitor); !parsed) {
    return parsed.error();
  }
  const bool is_file = fs::is_regular_file(path, ignored);
  return sources{read.take(), place ? place->root : is_file ? path.parent_path() : path};
}

constexpr std::array<std::string_view, 6> all_formats = {"text",  "json",   "sarif",
                                                         "sonar", "gitlab", "junit"};

/// One `--format`.
struct output {
  std::string format;
  std::string file;  ///< empty: stdout
};

outcome<std::vector<output>> read_outputs(const lint_options& options, bool as_json) {
  std::vector<output> made;
  std::size_t to_stdout = 0;
  for (const auto& each : options.formats) {
    const auto equal = each.find('=');
    output one{each.substr(0, equal), equal == std::string::npos ? "" : each.substr(equal + 1)};
    if (std::find(all_formats.begin(), all_formats.end(), one.format) == all_formats.end())
      return bad_input("--format: there is no '" + one.format +
                       "'; expected text, json, sarif, sonar, gitlab or junit, or FORMAT=FILE");
    if (equal != std::string::npos && one.file.empty())
      return bad_input("--format: no file is behind '" + each + "'");
    to_stdout += one.file.empty();
    made.push_back(std::move(one));
  }
  if (to_stdout > 1)
    return bad_input(
        "--format: only one format can go to stdout; give the others a file: "
        "FORMAT=FILE");
  if (made.empty()) made.push_back({as_json ? "json" : "text", ""});
  return made;
}

outcome<done> write_one(const report_source& from, const std::string& format, const fs::path& file,
                        bool colour) {
  if (format == "json") return write_json_report(from, file);
  if (format == "sarif") return write_sarif(from, file);
  if (format == "sonar") return write_sonar(from, file);
  if (format == "gitlab") return write_code_quality(from, file);
  if (format == "junit") return write_junit(from, file);
  return write_text(from, file, colour);
}

outcome<done> write_output(const report_source& from, const output& to, bool colour) {
  if (!to.file.empty()) return write_one(from, to.format, to.file, false);
  std::cout.flush();
  return write_one(from, to.format, "-", colour);
}

struct gate {
  std::optional<severity> level;
  language in = language::russian;
  rule_selection rules;
  known_findings known;
};

outcome<gate> read_gate(const lint_options& options) {
  gate made;
  const auto in = language_of(options.lang);
  if (!in) return bad_input("--lang is '" + options.lang + "'; expected ru or en");
  made.in = *in;
  if (options.fail_on != "none") {
    made.level = severity_of(options.fail_on);
    if (!made.level)
      return bad_input("--fail-on is '" + options.fail_on +
                       "'; expected info, minor, major, critical, blocker or none");
  }
  auto rules = rule_selection::read(options.rules);
  if (!rules) return bad_input("--" + rules.error().text);
  made.rules = std::move(*rules);
  if (!options.write_baseline.empty() && (!options.only.empty() || !options.only_from.empty()))
    return bad_input("--write-baseline needs all findings: leave out --only and --only-from");
  if (options.baseline.empty()) return made;
  auto known = read_baseline(options.baseline);
  if (!known) return bad_input(known.error().text);
  made.known = std::move(*known);
  return made;
}

int failed(const trouble& why, int code) {
  std::cerr << "artel: " << why.text << '\n';
  return why.code == trouble_code::cancelled ? lint_interrupted : code;
}

// Only what would be a module: a list of changed files names many others.
void tell_unknown(const std::vector<std::string>& unknown, bool from_list) {
  for (const auto& each : unknown)
    if (!from_list || each.ends_with(".bsl"))
      std::cerr << "artel: no module is at or below '" << each << "'\n";
}

void print_summary(std::ostream& to, const finding_counts& counts, language in) {
  const bool russian = in == language::russian;
  to << (russian ? "Замечаний: " : "Findings: ") << counts.fresh << " (";
  for (std::size_t i = counts.by_severity.size(); i-- > 0;)
    to << to_text(static_cast<severity>(i)) << ' ' << counts.by_severity[i] << (i > 0 ? ", " : "");
  to << ')';
  if (counts.known > 0) to << (russian ? "; известных: " : "; in the baseline: ") << counts.known;
  to << '\n';
}

/// Writes what was asked for; the exit code.
int report(const report_source& from, const lint_options& options, const gate& wanted,
           const std::vector<output>& outputs, bool colour) {
  if (!options.write_baseline.empty()) {
    if (auto made = write_baseline(from, options.write_baseline); !made)
      return failed(made.error(), lint_not_written);
    std::cerr << "artel: " << from.findings.size() << " findings → " << options.write_baseline
              << '\n';
    if (options.formats.empty()) return lint_clean;
  }
  bool text = false;
  for (const auto& each : outputs) {
    if (auto made = write_output(from, each, colour); !made)
      return failed(made.error(), lint_not_written);
    text |= each.format == "text" && each.file.empty();
  }
  const auto counts = count_findings(from.findings);
  print_summary(text ? std::cout : std::cerr, counts, wanted.in);
  if (!options.write_baseline.empty()) return lint_clean;  // what is there now is what is known
  // What was not read can not be called clean.
  const auto unread = from.index.contents().problems.size();
  if (wanted.level && unread > 0) {
    std::cerr << "artel: " << unread << " files could not be read (above): the gate is shut; "
              << "--fail-on none opens it\n";
    return lint_gate;
  }
  return wanted.level && counts.at_least(*wanted.level) > 0 ? lint_gate : lint_clean;
}

}  // namespace

int lint(const context& cli, const lint_options& options) {
  const auto wanted = read_gate(options);
  if (!wanted) return failed(wanted.error(), lint_bad_input);
  if (options.list_rules) {
    std::cout << rule_list(wanted->in);
    return lint_clean;
  }
  if (options.path.empty())
    return failed(
        bad_input("lint: no PATH; give a 1C configuration, a folder of .bsl files or a file"),
        lint_bad_input);
  const auto outputs = read_outputs(options, cli.as_json);
  if (!outputs) return failed(outputs.error(), lint_bad_input);
  const auto paths = wanted_paths(options);
  if (!paths) return failed(paths.error(), lint_bad_input);
  interruptible monitor;
  const auto read = read_sources(options.path, monitor);
  if (!read) return failed(read.error(), lint_bad_input);
  for (const auto& each : read->read.contents().problems)
    std::cerr << "artel: not read: " << each.path << ": " << each.message << '\n';
  const model_index index(read->read);
  auto findings =
      find_all(index, wanted->rules, [&](std::uint32_t) { return !monitor.cancelled(); });
  if (monitor.cancelled())
    return failed({trouble_code::cancelled, "interrupted"}, lint_interrupted);
  if (options.skip_vendor) leave_out_vendor(findings, index);
  const auto prefix = prefix_of(read->root);
  if (*paths)
    tell_unknown(keep_only(findings, index.contents(), prefix, **paths), options.only.empty());
  mark_known(findings, wanted->known);
  const report_source from{index, wanted->rules, findings, wanted->in, !options.baseline.empty(),
                           prefix};
  return report(from, options, *wanted, *outputs, cli.colour);
}

}  // namespace artel::cli
