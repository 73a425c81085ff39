#include "actors/training/models/factor_model.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <unordered_map>

#include "actors/training/models/settings.hpp"
#include "actors/training/models/targets.hpp"

namespace artel::training {
namespace {

constexpr std::size_t top = 10;
constexpr std::uint32_t unknown = no_word;

using numbers = std::unordered_map<std::string, std::uint32_t>;

const column& side_of(const table& of, column_role role) {
  if (const auto* found = of.of_role(role)) return *found;
  const std::string name(column_role_names[static_cast<std::size_t>(role)]);
  throw data_mistake{of.path + ": a recommendation needs the column of the " + name +
                     "s; name it with '" + name + "', or in the schema"};
}

numbers numbered(const std::vector<std::string>& names) {
  numbers made;
  for (std::uint32_t i = 0; i < names.size(); ++i) made.emplace(names[i], i);
  return made;
}

std::vector<std::string> names_in(const table& of, const column& side,
                                  const std::vector<std::uint32_t>& rows) {
  std::vector<bool> met(side.words.size());
  std::vector<std::string> made;
  for (const auto row : rows) {
    if (side.missing(row)) throw data_mistake{of.place(row, side) + "has no value"};
    if (!met[side.codes[row]]) made.push_back(side.words[side.codes[row]]);
    met[side.codes[row]] = true;
  }
  std::sort(made.begin(), made.end());
  return made;
}

class factor_model : public model {
public:
  factor_model(std::vector<std::string> users, std::vector<std::string> items, bool rates)
      : users_(std::move(users)),
        items_(std::move(items)),
        user_numbers_(numbered(users_)),
        item_numbers_(numbered(items_)),
        rates_(rates) {}

  task kind() const override { return task::recommendation; }
  headline_score headline() const override {
    return rates_ ? headline_score{"rmse", false} : headline_score{"ndcg_at_10", true};
  }

  outcome<predictions> predict(const table& of,
                               const std::vector<std::uint32_t>& rows) const override {
    try {
      return predictions{{}, {}, said_of(of, rows), {}};
    } catch (const data_mistake& e) {
      return bad_input(e.text);
    }
  }

  outcome<scores> evaluate(const table& of, const std::vector<std::uint32_t>& rows) const override {
    return score(of, rows, false);
  }
  outcome<scores> baseline(const table& of, const std::vector<std::uint32_t>& rows) const override {
    return score(of, rows, true);
  }

  outcome<std::vector<std::string>> recommended(const std::string& user,
                                                std::size_t count) const override {
    std::vector<std::string> made;
    for (const auto item : recommend(find(user_numbers_, user), count, false))
      made.push_back(items_[item]);
    return made;
  }
  std::string state() const override {
    const auto list = [](const auto& of) {
      return std::vector<double>(of.data(), of.data() + of.size());
    };
    return nlohmann::json{{"mean", learnt.mean},
                          {"scale", learnt.scale},
                          {"width", learnt.user.cols()},
                          {"user_bias", list(learnt.user_bias)},
                          {"item_bias", list(learnt.item_bias)},
                          {"user", list(learnt.user)},
                          {"item", list(learnt.item)},
                          {"popularity", popularity}}
        .dump();
  }
  nlohmann::json description() const override {
    return {{"users", users_}, {"items", items_}, {"rates", rates_}, {"taken", taken_json()}};
  }

  std::vector<interaction> interactions(const table& of,
                                        const std::vector<std::uint32_t>& rows) const {
    const auto& user = side_of(of, column_role::user);
    const auto& item = side_of(of, column_role::item);
    const auto values = rates_ ? numeric_target(of, rows) : std::vector<double>();
    std::vector<interaction> made;
    for (std::size_t i = 0; i < rows.size(); ++i)
      made.push_back({find(user_numbers_, user.text_of(rows[i])),
                      find(item_numbers_, item.text_of(rows[i])), rates_ ? values[i] : 1});
    return made;
  }

  /// Best first, without what the user has taken already; what is popular for who is not known.
  std::vector<std::uint32_t> recommend(std::uint32_t user, std::size_t count, bool popular) const {
    static const std::set<std::uint32_t> nothing;
    return best(user, count, popular, user == unknown ? nothing : taken[user]);
  }

  factor_state learnt;
  std::vector<double> popularity;              ///< of each item: how often it was taken
  std::vector<std::set<std::uint32_t>> taken;  ///< of each user, in the training

private:
  static std::uint32_t find(const numbers& among, const std::string& name) {
    const auto found = among.find(name);
    return found == among.end() ? unknown : found->second;
  }

  double value_of(const interaction& of) const {
    if (!rates_ && (of.user == unknown || of.item == unknown))
      return of.item == unknown ? 0 : popularity[of.item];
    if (of.user != unknown && of.item != unknown) return learnt.rating(of.user, of.item);
    return learnt.mean + learnt.scale * ((of.user == unknown ? 0 : learnt.user_bias[of.user]) +
                                         (of.item == unknown ? 0 : learnt.item_bias[of.item]));
  }

  std::vector<double> said_of(const table& of, const std::vector<std::uint32_t>& rows) const {
    const auto& user = side_of(of, column_role::user);
    const auto& item = side_of(of, column_role::item);
    std::vector<double> made;
    for (const auto row : rows)
      made.push_back(value_of(
          {find(user_numbers_, user.text_of(row)), find(item_numbers_, item.text_of(row))}));
    return made;
  }

  outcome<scores> score(const table& of, const std::vector<std::uint32_t>& rows,
                        bool trivial) const {
    try {
      if (!rates_) return top_scores(of, rows, trivial);
      const auto truth = numeric_target(of, rows);
      return regression_scores(
          truth, trivial ? std::vector<double>(rows.size(), learnt.mean) : said_of(of, rows));
    } catch (const data_mistake& e) {
      return bad_input(e.text);
    }
  }

  /// A user's rows among these are what is to be found; what the training had is not recommended
  /// again, so the score of the training rows themselves leaves that out.
  scores top_scores(const table& of, const std::vector<std::uint32_t>& rows, bool trivial) const {
    const auto& names = side_of(of, column_role::user);
    const auto& items_of = side_of(of, column_role::item);
    const auto met = interactions(of, rows);
    std::map<std::uint32_t, std::pair<std::uint32_t, std::set<std::uint32_t>>> held_out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& [user, items] = held_out[names.codes[rows[i]]];
      user = met[i].user;
      // What the model does not know it can not find, but it is wanted.
      items.insert(met[i].item != unknown
                       ? met[i].item
                       : static_cast<std::uint32_t>(items_.size()) + items_of.codes[rows[i]]);
    }
    std::vector<recommended_list> lists;
    for (const auto& [code, one] : held_out) {
      const auto& [user, items] = one;
      const auto had = [&, of_user = user](std::uint32_t item) {
        return of_user != unknown && taken[of_user].contains(item);
      };
      const bool known = std::all_of(items.begin(), items.end(), had);
      std::vector<std::uint32_t> wanted;
      for (const auto item : items)
        if (known || !had(item)) wanted.push_back(item);
      if (wanted.empty()) continue;
      lists.push_back({known ? best(user, top, trivial, {}) : recommend(user, top, trivial),
                       std::move(wanted)});
    }
    return recommendation_scores(lists, items_.size());
  }

  std::vector<std::uint32_t> best(std::uint32_t user, std::size_t count, bool popular,
                                  const std::set<std::uint32_t>& but) const {
    const auto items = static_cast<Eigen::Index>(items_.size());
    Eigen::VectorXd value = Eigen::Map<const Eigen::VectorXd>(popularity.data(), items);
    if (user != unknown && !popular) value = learnt.ratings(user);
    std::vector<std::uint32_t> order;
    order.reserve(items_.size());
    auto skipped = but.begin();
    for (std::uint32_t i = 0; i < items_.size(); ++i)
      if (skipped != but.end() && *skipped == i)
        ++skipped;
      else
        order.push_back(i);
    count = std::min(count, order.size());
    std::partial_sort(
        order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
        [&](auto a, auto b) { return value[a] != value[b] ? value[a] > value[b] : a < b; });
    order.resize(count);
    return order;
  }

  nlohmann::json taken_json() const {
    auto made = nlohmann::json::array();
    for (const auto& each : taken) made.push_back(each);
    return made;
  }

  std::vector<std::string> users_, items_;
  numbers user_numbers_, item_numbers_;
  bool rates_;
};

factor_settings read(settings_reader& in, bool rates, std::uint64_t seed) {
  factor_settings made;
  made.seed = seed;
  made.width = in.whole("factors", 32, 1, 1'024);
  made.epochs = in.whole("epochs", rates ? 100 : 15, 1, 10'000);
  made.regularisation = in.real("regularisation", rates ? 0.1 : 10, 0, 1e6);
  if (rates)
    made.learning_rate = in.real("learning_rate", 0.015, 1e-6, 1);
  else
    made.confidence = in.real("confidence", 5, 0, 1e6);
  return made;
}

/// The epoch after which the validation was best, or the last one; `learn` runs the whole of it.
template <class Learn>
factor_state with_early_stop(const Learn& learn, factor_settings& how, std::uint32_t patience,
                             const std::function<double(const factor_state&)>& error,
                             training_watch& watch) {
  std::uint32_t best_epoch = how.epochs;
  double best = 0;
  auto made = learn(how, [&](std::uint32_t epoch, const factor_state& now) {
    if (watch.cancelled()) throw trouble{trouble_code::cancelled, "the training was cancelled"};
    scores told;
    if (!error) return watch.iteration(epoch, how.epochs, told), true;
    const double value = told["validation_loss"] = error(now);
    watch.iteration(epoch, how.epochs, told);
    if (epoch == 1 || value < best) best = value, best_epoch = epoch;
    return epoch - std::min(epoch, best_epoch) < patience;
  });
  if (error) how.epochs = best_epoch;
  return made;
}

}  // namespace

fitted fit_factors(const table& of, const row_parts& parts, const fit_settings& how,
                   training_watch& watch) {
  settings_reader in(how.parameters);
  const bool rates = of.of_role(column_role::target) != nullptr;
  auto by = read(in, rates, how.seed);
  const auto patience = rates ? in.whole("early_stopping", 20, 1, 10'000) : 0;
  in.finish();
  // What the validation has told is learnt as well, for as many epochs as were best.
  auto all = parts.train;
  all.insert(all.end(), parts.validation.begin(), parts.validation.end());
  std::sort(all.begin(), all.end());
  auto users_met = names_in(of, side_of(of, column_role::user), all);
  auto items_met = names_in(of, side_of(of, column_role::item), all);
  auto made = std::make_unique<factor_model>(std::move(users_met), std::move(items_met), rates);
  const auto known = made->interactions(of, all), first = made->interactions(of, parts.train),
             second = made->interactions(of, parts.validation);
  std::uint32_t users = 0, items = 0;
  for (const auto& each : known)
    users = std::max(users, each.user + 1), items = std::max(items, each.item + 1);
  fitted result;
  if (of.of_role(column_role::weight) != nullptr)
    result.notes.emplace_back("weights are not taken by recommendations");
  if (users < 2 || items < 2)
    throw data_mistake{of.path + ": " + std::to_string(users) + " users and " +
                       std::to_string(items) + " items; at least two of each are needed"};
  made->taken.resize(users);
  made->popularity.resize(items);
  for (const auto& each : known) {
    made->popularity[each.item] += 1;
    made->taken[each.user].insert(each.item);
  }
  const auto threads = [&] { return watch.threads(); };
  const auto learn_from = [&](const std::vector<interaction>& from) {
    return [&](const factor_settings& with,
               const std::function<bool(std::uint32_t, const factor_state&)>& go_on) {
      return rates ? factorise_ratings(from, users, items, with, go_on)
                   : factorise_taken(from, users, items, with, threads, go_on);
    };
  };
  std::function<double(const factor_state&)> error;
  if (rates && !second.empty()) {
    error = [&](const factor_state& now) {
      double squares = 0;
      for (const auto& each : second) {
        const double away = each.value - now.rating(each.user, each.item);
        squares += away * away;
      }
      return std::sqrt(squares / static_cast<double>(second.size()));
    };
    with_early_stop(learn_from(first), by, patience, error, watch);
  }
  made->learnt = with_early_stop(learn_from(known), by, patience, {}, watch);
  result.used = in.used();
  result.used["epochs_used"] = std::to_string(by.epochs);
  result.made = std::move(made);
  return result;
}

std::unique_ptr<model> load_factors(const nlohmann::json& description, const std::string& state) {
  auto made = std::make_unique<factor_model>(
      description.at("users").get<std::vector<std::string>>(),
      description.at("items").get<std::vector<std::string>>(), description.at("rates").get<bool>());
  for (const auto& each : description.at("taken"))
    made->taken.push_back(each.get<std::set<std::uint32_t>>());
  const auto saved = nlohmann::json::parse(state);
  const auto width = saved.at("width").get<Eigen::Index>();
  const auto read = [&](const char* name, Eigen::Index columns) {
    const auto list = saved.at(name).get<std::vector<double>>();
    if (columns < 1 || list.size() % static_cast<std::size_t>(columns) != 0)
      throw data_mistake{"a saved model has a ragged matrix"};
    factors values(static_cast<Eigen::Index>(list.size()) / columns, columns);
    std::copy(list.begin(), list.end(), values.data());
    return values;
  };
  auto& learnt = made->learnt;
  learnt.mean = saved.at("mean").get<double>();
  learnt.scale = saved.at("scale").get<double>();
  learnt.user_bias = read("user_bias", 1).col(0), learnt.item_bias = read("item_bias", 1).col(0);
  learnt.user = read("user", width), learnt.item = read("item", width);
  made->popularity = saved.at("popularity").get<std::vector<double>>();
  const auto users = description.at("users").size(), items = description.at("items").size();
  const auto is = [](Eigen::Index size, std::size_t wanted) {
    return size == static_cast<Eigen::Index>(wanted);
  };
  if (made->taken.size() != users || made->popularity.size() != items ||
      !is(learnt.user.rows(), users) || !is(learnt.item.rows(), items) ||
      !is(learnt.user_bias.size(), users) || !is(learnt.item_bias.size(), items))
    throw data_mistake{"a saved model has other users or items than its description"};
  return made;
}

}  // namespace artel::training
