// The bridges between actors and sockets, one per kind of node. Outbound: an actor message becomes
// work for the poll thread in the sender's own turn; a turn of the bridge between the two would
// only be one more thread to wake. Inbound: the poll thread looks the receiver up by name and
// sends, so a restarted actor is found again.
#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/directory.hpp"
#include "actors/transport/admin_server.hpp"
#include "actors/transport/cluster_client.hpp"
#include "actors/transport/cluster_server.hpp"

namespace artel::transport {

struct supervisor_bridge_options {
  node_name name;
  session_no session = 0;  ///< another one for each life of the bridge
  std::string cluster_endpoint;
  std::vector<std::string> admin_endpoints;
  directory_ptr names;
  key_pair keys;            ///< of the supervisor node; empty: nobody from elsewhere
  std::string access_file;  ///< with keys
};

/// Throws std::runtime_error from its constructor when an endpoint can not be bound.
class supervisor_bridge : public caf::event_based_actor {
public:
  supervisor_bridge(caf::actor_config& config, supervisor_bridge_options what);
  caf::behavior make_behavior() override;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) override;
  void on_exit() override;
  const char* name() const override { return "bridge"; }

private:
  /// False: it is for the actor itself. Any thread.
  bool pass_on(caf::type_erased_tuple& told);
  template <class Message>
  void tell(const char* who, Message message);

  supervisor_bridge_options options_;
  std::unique_ptr<poll_thread> poll_;
  cluster_server* cluster_ = nullptr;  ///< owned by poll_
  admin_server* local_ = nullptr;      ///< owned by poll_
  admin_server* remote_ = nullptr;     ///< owned by poll_; none without keys
};

struct worker_bridge_options {
  node_name name;
  session_no session = 0;
  std::string cluster_endpoint;
  directory_ptr names;
  std::function<void(std::string)>
      refused_for_good;  ///< the cluster does not want this node; called once, any thread
  client_keys keys;
};

class worker_bridge : public caf::event_based_actor {
public:
  worker_bridge(caf::actor_config& config, worker_bridge_options what);
  caf::behavior make_behavior() override;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) override;
  void on_exit() override;
  const char* name() const override { return "bridge"; }

private:
  /// False: it is for the actor itself. Any thread.
  bool pass_on(caf::type_erased_tuple& told);
  template <class Message>
  void tell(Message message);

  worker_bridge_options options_;
  std::unique_ptr<poll_thread> poll_;
  cluster_client* client_ = nullptr;  ///< owned by poll_
};

}  // namespace artel::transport
