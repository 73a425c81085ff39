#include "actors/analysis/copies.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace artel::analysis {
namespace {

// A mark that stands in more places than this is how everybody writes, not a copy.
constexpr std::size_t places_max = 200;

struct mark_place {
  std::uint64_t hash;
  method_place where;
  std::uint32_t token;
  std::uint32_t line_start;
  std::uint32_t line_end;
};

std::vector<mark_place> marks_of(const model& all) {
  std::vector<mark_place> found;
  std::size_t count = 0;
  for (const auto& each : all.modules) count += each.shapes.marks.size();
  found.reserve(count);
  for (std::uint32_t i = 0; i < all.modules.size(); ++i)
    for (const auto& each : all.modules[i].shapes.marks)
      found.push_back({each.hash, {i, each.method}, each.token, each.line_start, each.line_end});
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.hash, a.where, a.token) < std::tie(b.hash, b.where, b.token);
  });
  return found;
}

/// The same mark in two places.
struct link {
  const mark_place* first;
  const mark_place* copy;
};

// Two methods and how far apart the lexemes lie: links of one passage agree in all of it.
auto key_of(const link& each) {
  return std::tuple(each.first->where, each.copy->where, each.copy->token - each.first->token);
}

std::vector<link> links_of(const std::vector<mark_place>& marks) {
  std::vector<link> found;
  for (auto from = marks.begin(); from != marks.end();) {
    const auto to =
        std::find_if(from, marks.end(), [&](const auto& each) { return each.hash != from->hash; });
    if (static_cast<std::size_t>(to - from) <= places_max)
      for (auto each = from + 1; each < to; ++each) found.push_back({&*from, &*each});
    from = to;
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(key_of(a), a.first->token) < std::pair(key_of(b), b.first->token);
  });
  return found;
}

passage_place place_of(const mark_place& from, const mark_place& to) {
  return {from.where, from.line_start, std::max(from.line_end, to.line_end)};
}

// Lines of copies, each once.
std::uint64_t lines_of(const std::vector<copied_passage>& passages, std::size_t modules) {
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> ranges(modules);
  for (const auto& each : passages)
    for (std::size_t i = 1; i < each.places.size(); ++i)
      ranges[each.places[i].where.module].emplace_back(each.places[i].line_start,
                                                       each.places[i].line_end);
  std::uint64_t sum = 0;
  for (auto& module : ranges) {
    std::sort(module.begin(), module.end());
    std::uint32_t counted = 0;
    for (const auto& [from, to] : module) {
      const auto first = std::max(from, counted + 1);
      if (to >= first) sum += to - first + 1;
      counted = std::max(counted, to);
    }
  }
  return sum;
}

}  // namespace

copied_code find_copies(const model_index& index) {
  const auto marks = marks_of(index.contents());
  const auto links = links_of(marks);
  std::map<std::tuple<passage_place, std::uint32_t>, std::vector<passage_place>> passages;
  for (auto from = links.begin(); from != links.end();) {
    // Marks of one passage follow each other: where two do not overlap, another passage begins.
    auto last = from;
    auto to = from + 1;
    for (; to != links.end() && key_of(*to) == key_of(*from) &&
           to->first->token <= last->first->token + passage_tokens + passage_window;
         ++to)
      last = to;
    const auto tokens = last->first->token - from->first->token + passage_tokens;
    if (tokens >= copied_tokens_min)
      passages[{place_of(*from->first, *last->first), tokens}].push_back(
          place_of(*from->copy, *last->copy));
    from = to;
  }
  copied_code made;
  for (auto& [key, copies] : passages) {
    auto& passage = made.passages.emplace_back();
    passage.tokens = std::get<1>(key);
    passage.places = std::move(copies);
    passage.places.push_back(std::get<0>(key));
    std::sort(passage.places.begin(), passage.places.end());
  }
  std::stable_sort(made.passages.begin(), made.passages.end(), [](const auto& a, const auto& b) {
    return a.tokens * (a.places.size() - 1) > b.tokens * (b.places.size() - 1);
  });
  made.lines = lines_of(made.passages, index.contents().modules.size());
  return made;
}

}  // namespace artel::analysis
