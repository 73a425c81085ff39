#include "actors/operation/admin.hpp"

#include <algorithm>

#include "actors/actor_errors.hpp"

namespace artel::operation {
namespace {
constexpr auto patience = std::chrono::seconds(30);
constexpr std::size_t trees_max = 4'096;
}  // namespace

admin::admin(caf::actor_config& config, admin_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {}

caf::behavior admin::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](client_asked& said) { on_asked(said); },
      [this](node_tree_told& told) {
        if (trees_.size() < trees_max || trees_.contains(told.name))
          trees_[told.name] = std::move(told.what.rows);
      },
  };
}

void admin::answer(const client_asked& said, admin_answer what) {
  if (const auto bridge = options_.names->find(names::bridge))
    send(bridge, answer_client{said.client, said.sequence, std::move(what)});
}

template <class Question>
void admin::forward(const client_asked& said, const char* to, Question question) {
  const auto who = options_.names->find(to);
  if (!who)
    return answer(said,
                  refused{trouble_code::unavailable,
                          std::string("the ") + to + " is being restarted; ask again in a moment"});
  client_asked back{said.client, said.sequence, ping{}};
  request(who, patience, std::move(question))
      .then([this, back](coordinator_answer& got) { answer(back, std::move(got.what)); },
            [this, back, to](caf::error& why) {
              answer(back, refused{trouble_code::unavailable, std::string("the ") + to +
                                                                  " did not answer (" +
                                                                  text_of(why) + "); ask again"});
            });
}

void admin::on_asked(client_asked& said) {
  if (const auto* log = std::get_if<read_log>(&said.what)) return read_log_of(said, *log);
  if (const auto* tree = std::get_if<show_tree>(&said.what)) return show_trees(said, *tree);
  auto question = ask_coordinator{std::move(said.what)};
  forward(said, names::coordinator, std::move(question));
}

void admin::read_log_of(const client_asked& said, const read_log& what) {
  const auto coordinator = options_.names->find(names::coordinator);
  if (!coordinator)
    return answer(said, refused{trouble_code::unavailable,
                                "the coordinator is being restarted; ask again in a moment"});
  client_asked back{said.client, said.sequence, ping{}};
  request(coordinator, patience, find_attempt{what})
      .then(
          [this, back, offset = what.offset](attempt_found& found) {
            if (found.problem.code != trouble_code::none) return answer(back, found.problem);
            forward(back, names::output, read_output{found.ref, offset, found.ended});
          },
          [this, back](caf::error& why) {
            answer(back, refused{trouble_code::unavailable,
                                 "the coordinator did not answer: " + text_of(why)});
          });
}

void admin::show_trees(const client_asked& said, const show_tree& what) {
  const auto coordinator = options_.names->find(names::coordinator);
  client_asked back{said.client, said.sequence, ping{}};
  const auto show = [this, back, node = what.node](const std::vector<node_view>& alive) {
    tree_shown shown{options_.names->rows()};
    for (const auto& [name, rows] : trees_)
      if (std::any_of(alive.begin(), alive.end(),
                      [&](const auto& each) { return each.name == name; }))
        shown.rows.insert(shown.rows.end(), rows.begin(), rows.end());
    if (!node.empty()) std::erase_if(shown.rows, [&](const auto& row) { return row.node != node; });
    if (shown.rows.empty())
      return answer(
          back, refused{trouble_code::not_found,
                        "no node named '" + node + "' is in the cluster; artel nodes lists them"});
    answer(back, std::move(shown));
  };
  if (!coordinator) return show({});
  request(coordinator, patience, ask_coordinator{list_nodes{false}})
      .then(
          [show](coordinator_answer& got) {
            const auto* nodes = std::get_if<nodes_listed>(&got.what);
            show(nodes ? nodes->nodes : std::vector<node_view>{});
          },
          [show](caf::error&) { show({}); });
}

}  // namespace artel::operation
