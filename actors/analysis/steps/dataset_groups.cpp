#include "actors/analysis/steps/dataset_groups.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "actors/analysis/text/content_hash.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t band = 4;  // parts of a sketch that must agree to compare two methods
constexpr std::size_t compared_max = 16;  // methods of one band that a further one is compared with

split split_of(std::string_view object) {
  const auto part = content_hash(object) % 100;
  return part < 80 ? split::train : part < 90 ? split::validation : split::test;
}

/// Sets of rows, joined where two are alike; a set is called by its first row.
class groups {
public:
  explicit groups(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), 0U);
  }
  std::uint32_t first(std::uint32_t row) {
    while (parent_[row] != row) row = parent_[row] = parent_[parent_[row]];
    return row;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = first(a), b = first(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::uint32_t> parent_;
};

struct grouping {
  const model_index& index;
  std::vector<dataset_row> rows = {};

  const method_shape& shape(std::uint32_t row) const {
    const auto& at = rows[row].place;
    return index.contents().modules[at.module].shapes.shapes[at.method];
  }

  void list() {
    const auto& modules = index.contents().modules;
    for (std::uint32_t i = 0; i < modules.size(); ++i)
      for (std::uint32_t m = 0; m < modules[i].syntax.methods.size(); ++m) {
        rows.push_back({{i, m}});
        rows.back().in = split_of(modules[i].owner);
      }
  }

  void equal(groups& sets) {
    std::unordered_map<std::uint64_t, std::uint32_t> seen;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      const auto [at, fresh] = seen.emplace(shape(row).exact, row);
      if (fresh) continue;
      rows[row].duplicate_of = at->second;
      sets.join(row, at->second);
    }
  }

  void similar(groups& sets) {
    for (std::size_t from = 0; from < sketch_size; from += band) {
      std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> seen;
      for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto& own = shape(row);
        if (rows[row].duplicate_of != dataset_row::none || own.tokens < similar_tokens_min)
          continue;
        auto& alike = seen[content_hash({reinterpret_cast<const char*>(own.sketch.data() + from),
                                         band * sizeof own.sketch[0]})];
        for (const auto other : alike)
          if (similarity(own, shape(other)) >= near_duplicate_min) sets.join(row, other);
        if (alike.size() < compared_max) alike.push_back(row);
      }
    }
  }

  // A group that stands in several splits stays in the first of them.
  void separate(groups& sets) {
    std::vector<split> least(rows.size(), split::excluded);
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      auto& of = least[sets.first(row)];
      of = std::min(of, rows[row].in);
    }
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      const auto first = sets.first(row);
      if (first != row && rows[row].duplicate_of == dataset_row::none)
        rows[row].near_duplicate_of = first;
      if (rows[row].in != least[first]) rows[row].in = split::excluded;
    }
  }
};

}  // namespace

std::string_view name_of(split which) {
  constexpr std::string_view names[] = {"train", "validation", "test", "excluded"};
  return names[static_cast<std::size_t>(which)];
}

std::vector<dataset_row> dataset_rows(const model_index& index) {
  grouping made{index};
  made.list();
  groups sets(made.rows.size());
  made.equal(sets);
  made.similar(sets);
  made.separate(sets);
  return std::move(made.rows);
}

}  // namespace artel::analysis
