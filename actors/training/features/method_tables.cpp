#include "actors/training/features/method_tables.hpp"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "actors/training/data/random.hpp"
#include "actors/training/data/readers.hpp"
#include "actors/training/data/records.hpp"
#include "actors/training/features/method_record.hpp"

namespace artel::training {
namespace {

using json = nlohmann::json;

constexpr std::size_t others_per_comment = 15;  ///< methods that a comment is not of
constexpr std::uint64_t chance_seed = 20'250'101;

/// A table as JSON Lines, and its schema beside it.
class table_writer {
public:
  table_writer(const std::filesystem::path& folder, const std::string& task,
               const std::string& schema)
      : file_{task, task + ".jsonl", 0}, path_(folder / file_.file), out_(path_) {
    std::ofstream about(folder / (task + ".schema.yaml"));
    about << schema;
  }
  void put(const json& row) {
    out_ << row.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    ++file_.rows;
  }
  table_file finish() {
    out_.close();
    if (!out_) throw data_mistake{path_.string() + " can not be written; is the disk full?"};
    return file_;
  }

private:
  table_file file_;
  std::filesystem::path path_;
  std::ofstream out_;
};

constexpr const char* classification_schema = R"(columns:
  id: id
  split: split
  kind: [categorical, target]
  body: text
)";
constexpr const char* regression_schema = R"(columns:
  id: id
  split: split
  complexity: [numeric, target]
  signature: text
  module_type: categorical
  object_type: categorical
  directive: categorical
  region: categorical
)";
constexpr const char* clustering_schema = R"(columns:
  id: id
  split: split
)";
constexpr const char* ranking_schema = R"(columns:
  id: id
  split: split
  comment: query
  relevance: [numeric, target]
)";
constexpr const char* recommendation_schema = R"(columns:
  module: user
  object: item
)";

void put_kind(table_writer& to, const method_record& of) {
  to.put({{"id", of.id},
          {"split", of.split},
          {"kind", of.module_type + " " + of.kind},
          {"body", body_of(of)},
          {"statements", of.statements},
          {"calls", of.calls.size()},
          {"queries", of.queries},
          {"nesting", of.nesting}});
}

void put_complexity(table_writer& to, const method_record& of) {
  to.put({{"id", of.id},
          {"split", of.split},
          {"complexity", of.cyclomatic},
          {"signature", of.signature},
          {"parameters", of.parameters.size()},
          {"exported", of.exported},
          {"documented", !of.doc.empty()},
          {"doc_length", of.doc.size()},
          {"module_type", of.module_type},
          {"object_type", of.object_type},
          {"directive", of.directive},
          {"region", of.region},
          {"attributes", of.attributes},
          {"tabular_sections", of.sections}});
}

void put_measures(table_writer& to, const method_record& of) {
  to.put({{"id", of.id},
          {"split", of.split},
          {"statements", std::log1p(of.statements)},
          {"cyclomatic", std::log1p(of.cyclomatic)},
          {"cognitive", std::log1p(of.cognitive)},
          {"nesting", of.nesting},
          {"length", std::log1p(static_cast<double>(of.code.size()))},
          {"parameters", of.parameters.size()},
          {"calls", std::log1p(static_cast<double>(of.calls.size()))},
          {"tables", std::log1p(of.tables)}});
}

/// Words of a method in the places where a doc comment may speak of it.
struct method_words {
  std::string id, object, split;
  std::set<std::string> name, parameters, calls, body, doc;
};

std::set<std::string> set_of(const std::string& text) {
  auto all = words_of(text);
  return {all.begin(), all.end()};
}

std::set<std::string> set_of(const std::vector<std::string>& texts) {
  std::set<std::string> made;
  for (const auto& each : texts) made.merge(set_of(each));
  return made;
}

/// How rare each word is among the bodies of the training part.
class rarity {
public:
  explicit rarity(const std::vector<method_words>& of) {
    for (const auto& each : of)
      if (each.split == "train") {
        ++methods_;
        for (const auto& word : each.body) ++counts_[word];
      }
  }
  double of(const std::string& word) const {
    const auto found = counts_.find(word);
    return std::log((1 + methods_) / (1 + (found == counts_.end() ? 0 : found->second)));
  }
  double shared(const std::set<std::string>& asked, const std::set<std::string>& among) const {
    double all = 0, both = 0;
    for (const auto& word : asked) {
      const double weight = of(word) + 0.01;
      all += weight;
      if (among.contains(word)) both += weight;
    }
    return all > 0 ? both / all : 0;
  }

private:
  double methods_ = 0;
  std::map<std::string, double> counts_;
};

void put_rankings(table_writer& to, const std::vector<method_words>& all) {
  const rarity rare(all);
  std::map<std::string, std::vector<std::size_t>> of_object, of_split;
  for (std::size_t i = 0; i < all.size(); ++i)
    of_object[all[i].object].push_back(i), of_split[all[i].split].push_back(i);
  random_numbers chance(chance_seed);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& asked = all[i];
    if (asked.doc.empty()) continue;
    std::set<std::size_t> others;
    const auto& near = of_object[asked.object];
    const auto& far = of_split[asked.split];
    for (std::size_t n = 0; n < others_per_comment * 4 && others.size() < others_per_comment; ++n) {
      const auto& from = n % 2 == 0 ? near : far;
      if (const auto one = from[chance.below(from.size())]; one != i) others.insert(one);
    }
    if (others.empty()) continue;
    others.insert(i);
    for (const auto k : others) {
      const auto& one = all[k];
      to.put({{"id", one.id},
              {"split", asked.split},
              {"comment", asked.id},
              {"relevance", k == i ? 1 : 0},
              {"name", rare.shared(one.name, asked.doc)},
              {"name_of_comment", rare.shared(asked.doc, one.name)},
              {"parameters", rare.shared(one.parameters, asked.doc)},
              {"parameter_count", one.parameters.size()},
              {"calls", rare.shared(asked.doc, one.calls)},
              {"body", rare.shared(asked.doc, one.body)},
              {"body_words", one.body.size()},
              {"comment_words", asked.doc.size()}});
    }
  }
}

class table_set {
public:
  explicit table_set(const std::filesystem::path& folder)
      : kinds_(folder, "classification", classification_schema),
        complexities_(folder, "regression", regression_schema),
        measures_(folder, "clustering", clustering_schema),
        rankings_(folder, "ranking", ranking_schema),
        uses_(folder, "recommendation", recommendation_schema) {}

  void put(const method_record& of) {
    if (of.split == "excluded") return;  // copies
    put_kind(kinds_, of);
    put_complexity(complexities_, of);
    put_measures(measures_, of);
    for (const auto& object : of.objects)
      if (met_.emplace(of.module, object).second)
        uses_.put({{"module", of.module}, {"object", object}});
    words_.push_back({of.id, of.object, of.split, set_of(of.name), set_of(of.parameters),
                      set_of(of.calls), set_of(body_of(of)), set_of(of.doc)});
  }
  std::vector<table_file> finish() {
    put_rankings(rankings_, words_);
    std::vector<table_file> made;
    for (auto* each : {&kinds_, &complexities_, &measures_, &rankings_, &uses_})
      made.push_back(each->finish());
    return made;
  }

private:
  table_writer kinds_, complexities_, measures_, rankings_, uses_;
  std::set<std::pair<std::string, std::string>> met_;
  std::vector<method_words> words_;
};

}  // namespace

std::vector<table_file> write_method_tables(const std::string& dataset,
                                            const std::filesystem::path& folder,
                                            step_monitor& monitor) {
  byte_source in(dataset);
  std::error_code none;
  std::filesystem::create_directories(folder, none);
  table_set tables(folder);
  std::string text;
  std::uint64_t line = 0;
  for (std::uint64_t row = 0; read_line(in, text, line); ++row) {
    if (row % 64 == 0) {
      if (monitor.cancelled()) throw trouble{trouble_code::cancelled, "was cancelled"};
      monitor.progress(row, 0, "rows of the data set");
    }
    try {
      tables.put(method_from(json::parse(text)));
    } catch (const json::exception& e) {
      in.mistake(line, "is no row of an analysis data set: " + std::string(e.what()));
    }
  }
  return tables.finish();
}

}  // namespace artel::training
