#include "actors/core/schedule_book.hpp"

#include <algorithm>
#include <limits>

#include "actors/core/random.hpp"
#include "messages/report.hpp"

namespace artel::core {
namespace {

/// FNV-1a, then mixed; the same on every platform and in every release.
std::uint64_t hash_of(const std::string& text, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const auto c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return random_source(hash + seed).next();
}

constexpr std::int64_t looked_back_max_ms = 366LL * 86'400 * 1'000;
constexpr const char* no_rule = "";  ///< of a schedule that is gone

}  // namespace

run_id id_of_planned(const std::string& schedule, std::int64_t planned_ms) {
  const auto moment = static_cast<std::uint64_t>(planned_ms);
  return make_run_id(moment, hash_of(schedule, 2 * moment), hash_of(schedule, 2 * moment + 1));
}

void schedule_book::replay(const fact& happened) {
  if (happened.kind == fact_kind::schedule_paused) {
    if (happened.number == 0)
      paused_.erase(name_in(happened));
    else
      paused_[name_in(happened)] = why_in(happened);
    return;
  }
  auto& mark = marks_[name_in(happened)];
  const auto rest = why_in(happened);
  const auto line = std::min(rest.find('\n'), rest.size());
  mark.passed_ms = happened.number;
  mark.rule = rest.substr(0, line);
  const bool dealt_with = line != rest.size();
  mark.last = dealt_with ? rest.substr(line + 1) : std::string();
  mark.last_ms = dealt_with ? happened.number : 0;
}

void schedule_book::plan_next(entry& one) {
  const auto& name = one.is.what.name;
  if (one.next_ms) queue_.erase({*one.next_ms + one.jitter_ms, name});
  one.next_ms = one.is.when.next(marks_[name].passed_ms);
  if (one.next_ms) queue_.insert({*one.next_ms + one.jitter_ms, name});
}

void schedule_book::set(std::vector<planned_schedule> all, const std::set<std::string>& held,
                        std::int64_t now_ms, std::vector<fact>& out) {
  const auto write = [&](const std::string& name, std::int64_t upto, const std::string& rule) {
    fact what{fact_kind::schedule_passed, 0, 0, 0, now_ms, upto, name + '\n' + rule};
    replay(what);
    out.push_back(std::move(what));
  };
  entries_.clear();
  queue_.clear();
  for (auto& one : all) {
    const auto name = one.what.name;
    if (entries_.contains(name)) continue;  // people are told of that when the files are read
    const auto jitter = one.what.jitter_ms == 0 ? 0 : hash_of(name, 0) % (one.what.jitter_ms + 1);
    const auto known = marks_.find(name);
    if (known == marks_.end() || known->second.rule != one.what.rule())
      write(name, std::max(now_ms, known == marks_.end() ? now_ms : known->second.passed_ms),
            one.what.rule());
    plan_next(entries_.emplace(name, entry{std::move(one), static_cast<std::int64_t>(jitter), {}})
                  .first->second);
  }
  for (const auto& [name, mark] : std::map(marks_))
    if (mark.rule != no_rule && !entries_.contains(name) && !held.contains(name))
      write(name, mark.passed_ms, no_rule);
}

const schedule_book::entry* schedule_book::due(std::int64_t now_ms) const {
  if (queue_.empty() || queue_.begin()->first > now_ms) return nullptr;
  return &entries_.at(queue_.begin()->second);
}

due_times schedule_book::times_of(const entry& one, std::int64_t now_ms) const {
  due_times made;
  const auto latest_ms = now_ms - one.jitter_ms;
  const auto& rule = one.is.what;
  std::vector<std::int64_t> missed;
  auto first = one.next_ms;
  // A clock that was wrong by years must not stop us: what is so old is not even looked at.
  if (first && *first < latest_ms - looked_back_max_ms) {
    ++made.skipped;
    first = one.is.when.next(latest_ms - looked_back_max_ms);
    made.upto_ms = latest_ms - looked_back_max_ms;
  }
  for (auto next = first; next && *next <= latest_ms; next = one.is.when.next(*next)) {
    made.upto_ms = *next;
    if (*next >= latest_ms - punctual_ms)
      made.start_ms.push_back(*next);
    else if (rule.misfire == misfire_policy::skip ||
             (rule.within_ms != 0 && *next < latest_ms - static_cast<std::int64_t>(rule.within_ms)))
      ++made.skipped;
    else
      missed.push_back(*next);
    // Far too many are not collected first: a clock that jumps by years must not stop us.
    if (missed.size() >= 2 * misfires_started_max) {
      made.skipped += misfires_started_max;
      missed.erase(missed.begin(), missed.begin() + misfires_started_max);
    }
  }
  // Of times that lie close together the last one is enough.
  const bool one_only = rule.misfire != misfire_policy::all;
  auto keep = one_only ? std::size_t{1} : misfires_started_max;
  if (one_only && !made.start_ms.empty()) keep = 0;
  if (missed.size() > keep) {
    made.skipped += missed.size() - keep;
    missed.erase(missed.begin(), missed.end() - static_cast<std::ptrdiff_t>(keep));
  }
  made.missed = missed.size();
  made.start_ms.insert(made.start_ms.begin(), missed.begin(), missed.end());
  return made;
}

void schedule_book::pass(const std::string& name, std::int64_t upto_ms, const std::string& what,
                         std::int64_t now_ms, std::vector<fact>& out) {
  auto& one = entries_.at(name);
  upto_ms = std::max(upto_ms, marks_[name].passed_ms);
  fact passed{fact_kind::schedule_passed,
              0,
              0,
              0,
              now_ms,
              upto_ms,
              cut_error(name + '\n' + one.is.what.rule() + '\n' + what)};
  replay(passed);
  out.push_back(std::move(passed));
  plan_next(one);
}

bool schedule_book::pause(const std::string& name, bool undo, const std::string& why,
                          std::int64_t now_ms, std::vector<fact>& out) {
  if (paused_.contains(name) != undo) return false;
  fact what{fact_kind::schedule_paused,  0, 0, 0, now_ms, undo ? 0 : 1,
            cut_error(name + '\n' + why)};
  replay(what);
  out.push_back(std::move(what));
  return true;
}

std::string schedule_book::paused(const std::string& name) const {
  const auto found = paused_.find(name);
  return found == paused_.end() ? std::string() : found->second;
}

const schedule_book::entry* schedule_book::find(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

schedule_book::watermark schedule_book::mark_of(const std::string& name) const {
  const auto found = marks_.find(name);
  return found == marks_.end() ? watermark{} : found->second;
}

}  // namespace artel::core
