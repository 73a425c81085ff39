#include "actors/analysis/steps/parse_sources.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "actors/analysis/metadata/configuration_reader.hpp"
#include "actors/analysis/metadata/module_files.hpp"
#include "actors/analysis/metadata/object_reader.hpp"
#include "actors/analysis/metadata/support.hpp"
#include "actors/analysis/steps/module_reader.hpp"
#include "actors/analysis/steps/parallel.hpp"
#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {
namespace {

/// What an earlier parse left, by id.
class earlier_parse {
public:
  explicit earlier_parse(const snapshot* from) : from_(from) {
    if (from == nullptr) return;
    for (const auto& each : from->contents().modules) modules_.emplace(each.id, &each);
  }

  /// The entry for a file with these bytes, or null.
  const module_entry* module(const module_file& file, std::uint64_t hash) const {
    const auto found = modules_.find(file.id);
    const bool same =
        found != modules_.end() && found->second->hash == hash && found->second->path == file.path;
    return same ? found->second : nullptr;
  }

  /// A listed object and what lies inside it, as it was; empty when it was not there.
  std::span<const metadata_object> object(const std::string& id) const {
    if (from_ == nullptr) return {};
    const auto& all = from_->contents().objects;
    const auto first = std::lower_bound(all.begin(), all.end(), id,
                                        [](const auto& a, const auto& b) { return a.id < b; });
    auto last = first;
    while (last != all.end() && (last->id == id || last->id.starts_with(id + "."))) ++last;
    return {first, last};
  }

private:
  const snapshot* from_;
  std::unordered_map<std::string_view, const module_entry*> modules_;
};

/// One run of reading.
class reading {
public:
  reading(const parse_order& order, step_monitor& monitor)
      : order_(order), monitor_(monitor), before_(order.before) {}

  outcome<parse_work> run(const std::function<model_sink&(std::uint64_t)>& open) {
    auto configuration = read_configuration(order_.place);
    if (!configuration) return configuration.error();
    configuration->info.root = order_.given_path;
    if (order_.which.holds("Configuration")) problems_ = std::move(configuration->problems);
    take_support(configuration->info);
    to_ = &open(configuration->tree);
    to_->put(configuration->info);
    const auto wanted = [this](std::string_view id) { return order_.which.holds(id); };
    auto found = find_modules(order_.place, wanted, [&] { return monitor_.cancelled(); });
    std::move(found.problems.begin(), found.problems.end(), std::back_inserter(problems_));
    for (const auto& each : found.files) {
      std::error_code ignored;
      const auto size = std::filesystem::file_size(each.file, ignored);
      if (!ignored) total_ += size;
    }
    if (!read_objects(*configuration) || !read_modules(found.files))
      return cancelled_trouble("edt.parse");
    std::sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.path, a.message) < std::tie(b.path, b.message);
    });
    // Folders above the objects are looked into by every shard.
    problems_.erase(std::unique(problems_.begin(), problems_.end()), problems_.end());
    for (const auto& each : problems_) to_->put(each);
    return work_;
  }

private:
  void take_support(configuration_info& to) {
    auto read = read_support(order_.place);
    if (read)
      support_ = std::move(*read);
    else if (order_.which.holds("Configuration"))
      problems_.push_back({"ParentConfigurations.bin", read.error().text});
    to.vendors = support_.vendors;
    to.support = support_.of(to.uuid);
  }

  bool read_objects(configuration_read& configuration) {
    std::vector<metadata_object> objects;
    for (auto& each : configuration.languages)
      if (order_.which.holds(each.id)) objects.push_back(std::move(each));
    std::erase_if(configuration.listed, [this](const auto& each) {
      return !order_.which.holds(object_id(each.kind, each.name));
    });
    const auto& listed = configuration.listed;
    bool going = true;
    in_order(
        listed.size(), order_.threads, [&](std::size_t i) { return read_one(listed[i]); },
        [&](std::size_t i, const object_read& made) {
          objects.insert(objects.end(), made.objects.begin(), made.objects.end());
          problems_.insert(problems_.end(), made.problems.begin(), made.problems.end());
          if (i % 50 == 0) monitor_.progress(0, total_, "reading metadata");
          return going = !monitor_.cancelled();
        });
    if (!going) return false;
    work_.objects = objects.size();
    work_.objects_reused = objects_reused_;
    std::sort(objects.begin(), objects.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    for (auto& each : objects) each.support = support_.of(each.uuid);
    for (const auto& each : objects) to_->put(each);
    return true;
  }

  object_read read_one(const listed_object& listed) {
    if (monitor_.cancelled()) return {};
    const auto before = before_.object(object_id(listed.kind, listed.name));
    if (before.empty() || !unchanged(order_.place, before))
      return read_object(order_.place, listed);
    objects_reused_ += before.size();
    return {{before.begin(), before.end()}, {}};
  }

  module_read read_one(const module_file& file) {
    if (monitor_.cancelled()) return {};
    auto made = read_bytes(file);
    if (const auto* same = before_.module(file, made.entry.hash); same != nullptr) {
      made.entry = *same;
      made.reused = true;
    } else {
      parse_bytes(made);
    }
    return made;
  }

  bool read_modules(const std::vector<module_file>& files) {
    bool going = true;
    in_order(
        files.size(), order_.threads, [&](std::size_t i) { return read_one(files[i]); },
        [&](std::size_t, module_read made) {
          ++work_.modules;
          work_.modules_reused += made.reused;
          work_.bytes += made.entry.bytes;
          if (!made.problem.empty()) problems_.push_back({made.entry.path, made.problem});
          to_->put(made.entry, made.text());
          monitor_.progress(work_.bytes, total_, "parsing modules");
          return going = !monitor_.cancelled();
        });
    return going;
  }

  const parse_order& order_;
  step_monitor& monitor_;
  earlier_parse before_;
  model_sink* to_ = nullptr;
  support_state support_;
  std::vector<read_problem> problems_;
  parse_work work_;
  std::uint64_t total_ = 0;  ///< bytes of the modules
  std::atomic<std::uint64_t> objects_reused_{0};
};

}  // namespace

outcome<parse_work> parse_sources(const parse_order& order, step_monitor& monitor,
                                  const std::function<model_sink&(std::uint64_t tree)>& open) {
  return reading(order, monitor).run(open);
}

}  // namespace artel::analysis
