// Rules about where a method's flow goes: code behind jumps, functions that end without a value.
#include <vector>

#include "actors/analysis/rules/rule_context.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

using kind = statement_kind;

bool jumps(kind which) {
  return which == kind::return_ || which == kind::raise || which == kind::break_ ||
         which == kind::continue_ || which == kind::goto_;
}

bool is_boundary(kind which) {
  return which == kind::elsif || which == kind::else_ || which == kind::end_if ||
         which == kind::end_do || which == kind::except || which == kind::end_try ||
         which == kind::label || which == kind::empty;
}

/// Whether the end of the statements can be reached; a loop's body is taken to run at least once.
class end_of_flow {
public:
  explicit end_of_flow(const outline& code) : code_(code) {}

  bool reachable() {
    for (const auto& each : code_.statements()) step(each);
    return !ended_;
  }

private:
  struct frame {
    kind opened;
    bool before;            ///< the flow had ended before the block
    bool all_ended = true;  ///< every branch so far ended
    bool has_else = false;
    bool has_break = false;
    bool endless = false;  ///< While True
  };

  void step(const statement& each) {
    switch (each.kind) {
      case kind::return_:
      case kind::raise:
      case kind::goto_:
      case kind::continue_:
        ended_ = true;
        break;
      case kind::break_:
        leave_loop();
        break;
      case kind::label:
        ended_ = false;
        break;
      case kind::if_:
      case kind::try_:
      case kind::for_each:
      case kind::for_to:
      case kind::while_:
        if (each.kind != kind::if_ && each.kind != kind::try_) loops_.push_back(frames_.size());
        frames_.push_back({each.kind, ended_});
        frames_.back().endless = each.kind == kind::while_ && each.last == each.first + 3 &&
                                 code_.what(each.first + 1) == lexeme::true_;
        ended_ = false;
        break;
      case kind::elsif:
      case kind::else_:
      case kind::except:
        branch(each.kind == kind::else_ || each.kind == kind::except);
        break;
      case kind::end_if:
      case kind::end_do:
      case kind::end_try:
        close();
        break;
      default:
        break;
    }
  }

  void leave_loop() {
    ended_ = true;
    if (!loops_.empty()) frames_[loops_.back()].has_break = true;
  }

  void branch(bool last_resort) {
    if (frames_.empty()) return;
    frames_.back().all_ended &= ended_;
    frames_.back().has_else |= last_resort;
    ended_ = false;
  }

  void close() {
    if (frames_.empty()) return;
    const auto block = frames_.back();
    frames_.pop_back();
    if (!loops_.empty() && loops_.back() == frames_.size()) loops_.pop_back();
    bool ends = block.all_ended && ended_;
    if (block.opened == kind::if_ || block.opened == kind::try_)
      ends = ends && block.has_else;
    else
      ends = (ended_ || block.endless) && !block.has_break;
    ended_ = block.before || ends;
  }

  const outline& code_;
  std::vector<frame> frames_;
  std::vector<std::size_t> loops_;  ///< those of the frames that are loops
  bool ended_ = false;
};

void unreachable(const rule_context& in) {
  const auto& all = in.code.statements();
  std::uint32_t reported = none;  // what stands behind it in its block is the same finding
  for (std::uint32_t i = 0; i + 1 < all.size(); ++i)
    if (jumps(all[i].kind) && !is_boundary(all[i + 1].kind) && reported != i &&
        !in.code.preprocessor_between(all[i].last - 1, all[i + 1].first)) {
      reported = i + 1;
      in.add(rule_id::unreachable_code, all[i + 1].first, all[i + 1].first);
    }
}

}  // namespace

void flow_rules(const rule_context& in) {
  unreachable(in);
  if (in.method == nullptr) return;
  std::size_t returns = 0;
  std::size_t raises = 0;
  const bool is_function = in.method->kind == bsl::method_kind::function;
  for (const auto& each : in.code.statements()) {
    raises += each.kind == kind::raise;
    if (each.kind != kind::return_) continue;
    ++returns;
    if (!is_function && each.last > each.first + 1)
      in.add(rule_id::procedure_returns_value, each.first, each.last - 1, in.name());
  }
  if (returns > returns_max) in.add_number(rule_id::too_many_returns, returns);
  if (!is_function) return;
  if (returns == 0) {
    if (raises == 0) in.add_at_name(rule_id::function_without_return, in.name());
  } else if (end_of_flow(in.code).reachable()) {
    in.add_at_name(rule_id::missing_return, in.name());
  }
}

}  // namespace artel::analysis
