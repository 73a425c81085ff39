// What the analysis tests share: a folder that goes away, a monitor that keeps quiet, and steps run
// as the step host would run them (staging first, then published).
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "actors/analysis/steps.hpp"

namespace artel::analysis::test {

namespace fs = std::filesystem;

class temporary_folder {
public:
  temporary_folder() {
    static std::atomic<unsigned> number{0};
    path_ = fs::temp_directory_path() /
            ("artel-analysis-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
    fs::create_directories(path_);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

class quiet_monitor : public step_monitor {
public:
  explicit quiet_monitor(bool cancelled = false) : cancelled_(cancelled) {}
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  void log(std::string_view) override {}
  bool cancelled() const override { return cancelled_; }

private:
  bool cancelled_;
};

inline const fs::path samples = ARTEL_SAMPLES;

inline std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void spill(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

inline nlohmann::json load(const fs::path& file) { return nlohmann::json::parse(slurp(file)); }

inline std::vector<nlohmann::json> load_lines(const fs::path& file) {
  std::vector<nlohmann::json> found;
  std::ifstream in(file, std::ios::binary);
  for (std::string line; std::getline(in, line);) found.push_back(nlohmann::json::parse(line));
  return found;
}

/// Runs a step of the registry; what it wrote is in `output` afterwards.
inline outcome<step_result> run(const char* name, const fs::path& output,
                                std::map<std::string, std::string> with = {}) {
  native_step_registry registry;
  offer_analysis_steps(registry);
  temporary_folder staging;
  step_input input{std::move(with), output, staging.path(), 1};
  quiet_monitor monitor;
  auto result = registry.at(name)(input, monitor);
  // The mark that a folder replaces the published one is the publisher's business.
  fs::remove(staging.path() / "docs" / "generated" / ".artel-whole");
  if (result)
    fs::copy(staging.path(), output,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  return result;
}

inline const char* const all_steps[] = {
    "edt.parse",        "edt.listing",        "edt.architecture", "edt.ml_dataset",
    "edt.dependencies", "edt.best_practices", "edt.documentation"};

/// The parse and its readable results; `shards` instances of the parse, one after the other.
inline outcome<step_result> parse(const fs::path& sources, const fs::path& output,
                                  unsigned shards = 1) {
  for (unsigned i = 0; i < shards; ++i) {
    auto made = run("edt.parse", output,
                    {{"config_path", sources.string()},
                     {"shard", std::to_string(i)},
                     {"shards", std::to_string(shards)}});
    if (!made) return made;
  }
  return run("edt.listing", output);
}

/// A Designer configuration of one common module with this text.
inline void one_module(const fs::path& root, std::string_view text) {
  spill(
      root / "Configuration.xml",
      R"(<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses"><Configuration uuid="1"><Properties><Name>One</Name>)"
      R"(</Properties><ChildObjects><CommonModule>M</CommonModule></ChildObjects></Configuration></MetaDataObject>)");
  spill(
      root / "CommonModules" / "M.xml",
      R"(<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses"><CommonModule uuid="2"><Properties><Name>M</Name>)"
      R"(<Server>true</Server></Properties></CommonModule></MetaDataObject>)");
  spill(root / "CommonModules" / "M" / "Ext" / "Module.bsl", text);
}

}  // namespace artel::analysis::test
