#include "tests/simulation/world.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace artel::simulation {

bool world::step(std::int64_t until_us) {
  if (queue_.empty() || queue_.top().us > until_us) return false;
  // The function goes out before it runs: it may queue more.
  auto what = std::move(const_cast<event&>(queue_.top()).what);
  now_us = queue_.top().us;
  queue_.pop();
  what();
  return true;
}

void world::add_line(const std::string& sentence) {
  char when[32];
  std::snprintf(when, sizeof when, "%9.3f s  ", static_cast<double>(now_us - 1'000'000'000) / 1e6);
  story_.push_back(when + sentence);
}

void process::end() {
  life_.reset();
  stopped_ = false;
  held_.clear();
  last_post_us_.clear();
}

void process::go_on() {
  stopped_ = false;
  auto held = std::exchange(held_, {});
  for (auto& each : held) {
    if (!alive()) return;
    if (stopped_)
      held_.push_back(std::move(each));
    else
      each();
  }
}

void process::later(std::int64_t us, std::function<void()> what) {
  world_.at(world_.now_us + us,
            [this, life = std::weak_ptr<int>(life_), what = std::move(what)]() mutable {
              if (life.expired()) return;
              if (stopped_)
                held_.push_back(std::move(what));
              else
                what();
            });
}

void process::post(const std::string& mailbox, std::function<void()> what, std::int64_t us_max) {
  auto& last = last_post_us_[mailbox];
  last = std::max(last, world_.now_us + world_.between(1, us_max));
  later(last - world_.now_us, std::move(what));
}

void process::every(std::int64_t us, std::function<void()> what) {
  later(us, [this, us, what] {
    what();
    every(us, what);
  });
}

bool network::cut(const std::string& from, const std::string& to) const {
  const auto found = cut_until_us.find(from + ">" + to);
  return found != cut_until_us.end() && found->second > world_.now_us;
}

void network::carry(const std::string& from, const std::string& to, std::string frame,
                    std::function<void(const std::string&)> deliver) {
  if (cut(from, to)) return;
  const auto luck = [&](std::uint32_t per_1000) { return world_.chance.next() % 1'000 < per_1000; };
  if (luck(troubles.drop_per_1000)) return;
  const int copies = luck(troubles.repeat_per_1000) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    auto us = world_.now_us + world_.between(50, 1'500);
    if (luck(troubles.late_per_1000)) us += world_.between(1'000, 800'000);
    auto& last = last_us_[from + ">" + to];
    if (!troubles.overtaking) us = std::max(us, last + 1);
    last = std::max(last, us);
    world_.at(us, [this, from, to, frame, deliver] {
      if (!cut(from, to)) deliver(frame);
    });
  }
}

}  // namespace artel::simulation
