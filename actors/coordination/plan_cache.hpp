// Compiled pipelines by their text: who runs the same one every night, or a thousand times an hour,
// has it compiled once.
#pragma once

#include <deque>
#include <unordered_map>

#include "actors/coordination/compile.hpp"

namespace artel::coordination {

constexpr std::size_t plans_cached_max = 64;
constexpr std::size_t plan_text_cached_max = 64U << 10;  ///< bytes; longer ones are compiled anew

class plan_cache {
public:
  outcome<std::shared_ptr<const core::graph>> compiled(const std::string& text,
                                                       const std::string& file) {
    if (text.size() > plan_text_cached_max) return compile(text, file);
    const auto key = file + '\0' + text;
    if (const auto found = plans_.find(key); found != plans_.end()) return found->second;
    auto made = compile(text, file);
    if (!made) return made;
    if (order_.size() >= plans_cached_max) plans_.erase(order_.front()), order_.pop_front();
    plans_[key] = *made;
    order_.push_back(key);
    return made;
  }

private:
  std::unordered_map<std::string, std::shared_ptr<const core::graph>> plans_;
  std::deque<std::string> order_;  ///< the oldest first
};

}  // namespace artel::coordination
