// The simulated world: virtual time, chance from one seed, a network between the nodes, and the
// story of what happened. One thread; everything that happens is an event in one queue.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "actors/core/random.hpp"

namespace artel::simulation {

/// An invariant that did not hold.
struct violation {
  std::string text;
};

class world {
public:
  explicit world(std::uint64_t seed, bool with_story) : chance(seed), telling_(with_story) {}

  core::random_source chance;
  std::int64_t now_us = 1'000'000'000;
  std::int64_t wall_jump_ms = 0;

  std::int64_t steady_ms() const { return now_us / 1'000; }
  std::int64_t wall_ms() const { return 1'700'000'000'000 + steady_ms() + wall_jump_ms; }

  void at(std::int64_t us, std::function<void()> what) {
    queue_.push({us, ++count_, std::move(what)});
  }
  /// The next event; false when there is none or it is later than `until_us`.
  bool step(std::int64_t until_us);
  std::uint64_t events() const { return count_; }

  bool one_in(std::uint64_t n) { return chance.next() % n == 0; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(chance.next() % static_cast<std::uint64_t>(high - low + 1));
  }

  // The story. tell() takes a function, so that nothing is formatted when nobody listens.
  template <class Sentence>
  void tell(Sentence&& sentence) {
    if (telling_) add_line(sentence());
  }
  const std::vector<std::string>& story() const { return story_; }

private:
  void add_line(const std::string& sentence);

  struct event {
    std::int64_t us;
    std::uint64_t number;
    std::function<void()> what;
    bool operator>(const event& other) const {
      return us != other.us ? us > other.us : number > other.number;
    }
  };
  std::priority_queue<event, std::vector<event>, std::greater<>> queue_;
  std::uint64_t count_ = 0;
  bool telling_;
  std::vector<std::string> story_;
};

/// A process: its events happen only while it lives, wait while it is stopped, and messages between
/// its actors arrive in order, each a little later than it was sent.
class process {
public:
  process(world& where, std::string name) : world_(where), name_(std::move(name)) {}

  void begin() { life_ = std::make_shared<int>(0); }
  void end();
  bool alive() const { return life_ != nullptr; }
  void stop() { stopped_ = true; }
  void go_on();
  bool stopped() const { return stopped_; }
  const std::string& name() const { return name_; }

  /// After `us`, unless the process has died by then.
  void later(std::int64_t us, std::function<void()> what);
  /// Through the mailbox of that name: in order.
  void post(const std::string& mailbox, std::function<void()> what, std::int64_t us_max = 300);
  void every(std::int64_t us, std::function<void()> what);

private:
  world& world_;
  std::string name_;
  std::shared_ptr<int> life_;
  bool stopped_ = false;
  std::vector<std::function<void()>> held_;
  std::map<std::string, std::int64_t> last_post_us_;
};

/// What lies between two nodes. Frames are lost, repeated, delayed and overtaken as it says.
struct wire_troubles {
  std::uint32_t drop_per_1000 = 0;
  std::uint32_t repeat_per_1000 = 0;
  std::uint32_t late_per_1000 = 0;
  bool overtaking = false;
};

class network {
public:
  explicit network(world& where) : world_(where) {}
  wire_troubles troubles;

  /// From or to which nodes nothing gets through now: "a>b".
  std::map<std::string, std::int64_t> cut_until_us;

  /// Delivers a frame some time later, or not.
  void carry(const std::string& from, const std::string& to, std::string frame,
             std::function<void(const std::string&)> deliver);

private:
  bool cut(const std::string& from, const std::string& to) const;

  world& world_;
  std::map<std::string, std::int64_t> last_us_;
};

}  // namespace artel::simulation
