// How groups become part of the graph. For graph.cpp alone.
#pragma once

#include "actors/core/graph.hpp"

namespace artel::core {

/// Names in `needs` that are groups make way for their members, members get what their group needs
/// and its backoff. Before needs are resolved.
std::optional<trouble> put_in_groups(graph& built);

/// The members' order; refuses a step that a group which is restarted as a whole would wait for
/// while it waits for the group. When steps are in order.
std::optional<trouble> order_groups(graph& built);

}  // namespace artel::core
