#include <Eigen/Cholesky>
#include <cmath>
#include <numeric>

#include "actors/training/data/random.hpp"
#include "actors/training/models/factor_model.hpp"
#include "actors/training/models/parallel.hpp"

namespace artel::training {
namespace {

factors begin_factors(std::uint32_t rows, std::uint32_t width, double deviation,
                      random_numbers& chance) {
  factors made(rows, width);
  for (Eigen::Index i = 0; i < made.rows(); ++i)
    for (Eigen::Index k = 0; k < made.cols(); ++k) made(i, k) = chance.about_normal() * deviation;
  return made;
}

/// For each row the others it meets, and how often.
struct met {
  std::vector<std::size_t> begins;
  std::vector<std::uint32_t> others;
  std::vector<double> values;
};

met by_row(const std::vector<interaction>& known, std::uint32_t rows, bool users) {
  met made;
  made.begins.assign(rows + 1, 0);
  const auto own = [&](const interaction& each) { return users ? each.user : each.item; };
  for (const auto& each : known) ++made.begins[own(each) + 1];
  std::partial_sum(made.begins.begin(), made.begins.end(), made.begins.begin());
  auto at = made.begins;
  made.others.resize(known.size());
  made.values.resize(known.size());
  for (const auto& each : known) {
    const auto place = at[own(each)]++;
    made.others[place] = users ? each.item : each.user;
    made.values[place] = each.value;
  }
  return made;
}

/// Solves each row of `into` for the least squares with the other side fixed.
void solve_side(const met& of, const factors& other, const factor_settings& how,
                std::uint32_t threads, factors& into) {
  const auto width = into.cols();
  const Eigen::MatrixXd square = other.transpose() * other;
  const auto solve = [&](Eigen::Index row) {
    Eigen::MatrixXd left = square;
    left.diagonal().array() += how.regularisation;
    Eigen::VectorXd right = Eigen::VectorXd::Zero(width);
    const auto r = static_cast<std::size_t>(row);
    for (auto i = of.begins[r]; i < of.begins[r + 1]; ++i) {
      const auto each = other.row(of.others[i]);
      const double trust = how.confidence * of.values[i];
      left.selfadjointView<Eigen::Lower>().rankUpdate(each.transpose(), trust);
      right += (1 + trust) * each.transpose();
    }
    into.row(row) = left.selfadjointView<Eigen::Lower>().llt().solve(right).transpose();
  };
  in_pieces<Eigen::Index>(threads, into.rows(), 64, [&](auto from, auto to) {
    for (auto row = from; row < to; ++row) solve(row);
  });
}

}  // namespace

factor_state factorise_ratings(
    const std::vector<interaction>& known, std::uint32_t users, std::uint32_t items,
    const factor_settings& how,
    const std::function<bool(std::uint32_t, const factor_state&)>& go_on) {
  random_numbers chance(how.seed);
  factor_state made;
  for (const auto& each : known) made.mean += each.value / static_cast<double>(known.size());
  double squares = 0;
  for (const auto& each : known) squares += (each.value - made.mean) * (each.value - made.mean);
  if (squares > 0) made.scale = std::sqrt(squares / static_cast<double>(known.size()));
  made.user_bias = Eigen::VectorXd::Zero(users);
  made.item_bias = Eigen::VectorXd::Zero(items);
  made.user = begin_factors(users, how.width, 0.1, chance);
  made.item = begin_factors(items, how.width, 0.1, chance);
  std::vector<std::size_t> order(known.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Eigen::RowVectorXd before(how.width);
  for (std::uint32_t epoch = 0; epoch < how.epochs; ++epoch) {
    chance.shuffle(order);
    const double rate = how.learning_rate * std::pow(0.97, epoch);
    for (const auto i : order) {
      const auto [u, item, value] = known[i];
      const double error = (value - made.rating(u, item)) / made.scale;
      made.user_bias[u] += rate * (error - how.regularisation * made.user_bias[u]);
      made.item_bias[item] += rate * (error - how.regularisation * made.item_bias[item]);
      before = made.user.row(u);
      made.user.row(u) += rate * (error * made.item.row(item) - how.regularisation * before);
      made.item.row(item) += rate * (error * before - how.regularisation * made.item.row(item));
    }
    if (!made.user.allFinite() || !made.item.allFinite())
      throw data_mistake{"the factorisation does not converge; lower learning_rate"};
    if (!go_on(epoch + 1, made)) break;
  }
  return made;
}

factor_state factorise_taken(const std::vector<interaction>& known, std::uint32_t users,
                             std::uint32_t items, const factor_settings& how,
                             const std::function<std::uint32_t()>& threads,
                             const std::function<bool(std::uint32_t, const factor_state&)>& go_on) {
  random_numbers chance(how.seed);
  factor_state made;
  made.user_bias = Eigen::VectorXd::Zero(users);
  made.item_bias = Eigen::VectorXd::Zero(items);
  made.user = factors::Zero(users, how.width);
  made.item = begin_factors(items, how.width, 0.1, chance);
  const auto of_users = by_row(known, users, true), of_items = by_row(known, items, false);
  for (std::uint32_t epoch = 0; epoch < how.epochs; ++epoch) {
    solve_side(of_users, made.item, how, threads(), made.user);
    solve_side(of_items, made.user, how, threads(), made.item);
    if (!go_on(epoch + 1, made)) break;
  }
  return made;
}

}  // namespace artel::training
