#include "actors/training/data/features.hpp"

#include <xxhash.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace artel::training {
namespace {

bool is_feature(const column& one) { return one.spec.role == column_role::feature; }

/// No two training rows differ in it.
bool constant(const column& of, const std::vector<std::uint32_t>& rows) {
  return std::all_of(rows.begin(), rows.end(), [&](auto row) {
    const auto first = rows.front();
    if (of.missing(row) != of.missing(first)) return false;
    return of.missing(row) || (of.is_number()  ? of.numbers[row] == of.numbers[first]
                               : of.is_coded() ? of.codes[row] == of.codes[first]
                                               : of.texts[row] == of.texts[first]);
  });
}

bool same_values(const column& a, const column& b, const std::vector<std::uint32_t>& rows) {
  if (a.is_number() != b.is_number() || (!a.is_number() && a.is_coded() != b.is_coded()))
    return false;
  return std::all_of(rows.begin(), rows.end(), [&](auto row) {
    if (a.missing(row) || b.missing(row)) return a.missing(row) == b.missing(row);
    return a.is_number() ? a.numbers[row] == b.numbers[row] : a.text_of(row) == b.text_of(row);
  });
}

std::vector<std::string> frequent_categories(const column& of,
                                             const std::vector<std::uint32_t>& rows,
                                             std::size_t max, std::vector<std::string>& notes) {
  std::vector<std::uint64_t> counts(of.words.size());
  std::uint64_t present = 0;
  for (const auto row : rows)
    if (of.codes[row] != no_word) ++counts[of.codes[row]], ++present;
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < counts.size(); ++i)
    if (counts[i] != 0) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : of.words[a] < of.words[b];
  });
  if (order.size() > max) {
    std::uint64_t kept = 0;
    for (std::size_t i = 0; i < max; ++i) kept += counts[order[i]];
    notes.push_back(
        "column '" + of.spec.name + "' has " + std::to_string(order.size()) +
        " different values: the " + std::to_string(max) + " most frequent are told apart (" +
        std::to_string(kept * 100 / std::max<std::uint64_t>(present, 1)) +
        " % of the rows), the others count as missing; an id or a text should be declared as such");
    order.resize(max);
  }
  std::vector<std::string> made;
  for (const auto i : order) made.push_back(of.words[i]);
  return made;
}

}  // namespace

outcome<feature_encoder> feature_encoder::learn(const table& of,
                                                const std::vector<std::uint32_t>& training,
                                                const settings& how,
                                                std::vector<std::string>& notes) {
  feature_encoder made;
  made.how_ = how;
  std::vector<const column*> taken;
  const auto* target = of.of_role(column_role::target);
  for (const auto& one : of.columns) {
    if (!is_feature(one)) continue;
    const auto name = "column '" + one.spec.name + "' ";
    if (constant(one, training)) {
      notes.push_back(name + "is the same in all training rows: it is left out");
      continue;
    }
    const auto twin = std::find_if(taken.begin(), taken.end(), [&](const auto* other) {
      return same_values(*other, one, training);
    });
    if (twin != taken.end()) {
      notes.push_back(name + "is the same as '" + (*twin)->spec.name + "': it is left out");
      continue;
    }
    if (target != nullptr && same_values(*target, one, training))
      notes.push_back(name +
                      "is the same as the target: what the model says of it is no forecast; "
                      "declare it as ignored");
    taken.push_back(&one);
    made.columns_.push_back({one.spec.name, one.spec.kind, {}, 0, 1});
    if (one.is_coded())
      made.columns_.back().categories =
          frequent_categories(one, training, how.categories_max, notes);
  }
  if (taken.empty())
    return bad_input(of.path +
                     ": no column is left to learn from; all are ids, ignored, or the same in all "
                     "training rows");
  made.number_places();
  return made;
}

void feature_encoder::number_places() {
  width_ = 0;
  for (auto& each : columns_) {
    each.first = width_;
    each.width = each.kind == column_kind::text ? how_.text_width
                 : each.kind == column_kind::categorical && how_.dense
                     ? static_cast<std::uint32_t>(each.categories.size())
                     : 1;
    width_ += each.width;
  }
}

void feature_encoder::encode_text(const std::string& text, const feature_column& into,
                                  std::vector<float>& counts) const {
  std::fill(counts.begin(), counts.end(), 0.0F);
  each_word(text, [&](std::string_view word) {
    counts[XXH3_64bits(word.data(), word.size()) % into.width] += 1;
  });
}

feature_matrix feature_encoder::encode(const table& of,
                                       const std::vector<std::uint32_t>& rows) const {
  std::vector<const column*> from;
  std::vector<std::vector<std::uint32_t>> places(columns_.size());  // of the table's words
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    from.push_back(of.find(columns_[k].name));
    const auto* found_column = from.back();
    const auto wanted = columns_[k].kind;
    if (found_column != nullptr &&
        (found_column->is_coded() != (wanted == column_kind::categorical) ||
         found_column->is_number() !=
             (wanted == column_kind::numeric || wanted == column_kind::timestamp)))
      throw data_mistake{of.path + ": column '" + columns_[k].name +
                         "' is of another kind than the model has learnt"};
    if (columns_[k].kind != column_kind::categorical || from[k] == nullptr) continue;
    std::unordered_map<std::string_view, std::uint32_t> known;
    for (std::uint32_t i = 0; i < columns_[k].categories.size(); ++i)
      known.emplace(columns_[k].categories[i], i);
    for (const auto& word : from[k]->words) {
      const auto found = known.find(word);
      places[k].push_back(found == known.end() ? no_word : found->second);
    }
  }
  feature_matrix made;
  made.width = width_;
  std::vector<float> counts(how_.text_width);
  const auto put = [&](std::uint32_t place, double value) {
    made.places.push_back(place);
    made.values.push_back(static_cast<float>(value));
  };
  for (const auto row : rows) {
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      if (from[k] == nullptr || from[k]->missing(row)) continue;
      const auto first = columns_[k].first;
      if (columns_[k].kind == column_kind::categorical) {
        const auto category = places[k][from[k]->codes[row]];
        if (category == no_word) continue;
        if (!how_.dense) {
          put(first, category);
          continue;
        }
        for (std::uint32_t i = 0; i < columns_[k].width; ++i) put(first + i, i == category ? 1 : 0);
      } else if (columns_[k].kind == column_kind::text) {
        encode_text(from[k]->texts[row], columns_[k], counts);
        for (std::uint32_t i = 0; i < counts.size(); ++i)
          if (how_.dense || counts[i] != 0) put(first + i, counts[i]);
      } else {
        put(first, from[k]->numbers[row]);
      }
    }
    made.begins.push_back(made.places.size());
  }
  return made;
}

std::vector<std::string> feature_encoder::place_names() const {
  std::vector<std::string> made;
  for (const auto& each : columns_)
    for (std::uint32_t i = 0; i < each.width; ++i)
      made.push_back(each.width == 1 && each.kind != column_kind::text
                         ? each.name
                         : each.name + "#" + std::to_string(i));
  return made;
}

std::vector<std::string> feature_encoder::place_types() const {
  std::vector<std::string> made;
  for (const auto& each : columns_)
    made.insert(made.end(), each.width,
                each.kind == column_kind::categorical && !how_.dense ? "c" : "q");
  return made;
}

nlohmann::json feature_encoder::to_json() const {
  auto columns = nlohmann::json::array();
  for (const auto& each : columns_)
    columns.push_back({{"name", each.name},
                       {"kind", column_kind_names[static_cast<std::size_t>(each.kind)]},
                       {"categories", each.categories}});
  return {{"text_width", how_.text_width}, {"dense", how_.dense}, {"columns", columns}};
}

outcome<feature_encoder> feature_encoder::from(const nlohmann::json& saved) {
  try {
    feature_encoder made;
    made.how_.text_width = saved.at("text_width").get<std::uint32_t>();
    made.how_.dense = saved.at("dense").get<bool>();
    for (const auto& each : saved.at("columns")) {
      const auto kind = each.at("kind").get<std::string>();
      const auto found =
          std::find(std::begin(column_kind_names), std::end(column_kind_names), kind);
      if (found == std::end(column_kind_names))
        return trouble{trouble_code::corrupt,
                       "a saved model has a column of the kind '" + kind + "'"};
      made.columns_.push_back({each.at("name").get<std::string>(),
                               static_cast<column_kind>(found - std::begin(column_kind_names)),
                               each.at("categories").get<std::vector<std::string>>(), 0, 1});
    }
    constexpr std::uint32_t text_width_max = 65'536;
    if (made.how_.text_width == 0 || made.how_.text_width > text_width_max ||
        made.columns_.size() > columns_max)
      return trouble{trouble_code::corrupt, "a saved model has features of an impossible size"};
    made.number_places();
    return made;
  } catch (const nlohmann::json::exception& e) {
    return trouble{trouble_code::corrupt,
                   "a saved model can not be read: " + std::string(e.what())};
  }
}

}  // namespace artel::training
