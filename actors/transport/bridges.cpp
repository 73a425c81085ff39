#include "actors/transport/bridges.hpp"

#include "actors/actor_errors.hpp"

namespace artel::transport {

template <class Message>
void supervisor_bridge::tell(const char* who, Message message) {
  if (const auto to = options_.names->find(who)) caf::anon_send(to, std::move(message));
}

supervisor_bridge::supervisor_bridge(caf::actor_config& config, supervisor_bridge_options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      poll_(std::make_unique<poll_thread>()) {
  const auto to_coordinator = [this](auto said) { tell(names::coordinator, std::move(said)); };
  cluster_events events;
  events.hello = to_coordinator;
  events.reported = to_coordinator;
  events.progressed = to_coordinator;
  events.left = to_coordinator;
  events.heard = to_coordinator;
  events.unreachable = to_coordinator;
  events.output = [this](node_output said) { tell(names::output, std::move(said)); };
  events.tree = [this](node_tree_told said) { tell(names::admin, std::move(said)); };
  events.lines = [this](node_lines said) { tell(names::log, std::move(said)); };
  events.used = [this](node_used said) { tell(names::metrics, std::move(said)); };
  events.answered = [this](node_answered said) { tell(names::admin, std::move(said)); };
  events.piece = [this](piece_came said) { tell(names::artifacts, std::move(said)); };
  std::unique_ptr<gate> by;
  if (!options_.access_file.empty())
    by = std::make_unique<gate>(poll_->context(), options_.access_file);
  auto cluster = std::make_unique<cluster_server>(poll_->context(), options_.cluster_endpoint,
                                                  options_.name, options_.session,
                                                  std::move(events), options_.keys, by.get());
  const auto add_admin = [&](char mark, std::vector<std::string> endpoints, gate* with) {
    auto made = std::make_unique<admin_server>(
        poll_->context(),
        admin_server_options{std::move(endpoints), options_.name, options_.session, mark,
                             options_.keys, with},
        [this](client_asked said) { tell(names::admin, std::move(said)); });
    auto* one = made.get();
    poll_->add(std::move(made));
    return one;
  };
  std::vector<std::string> here, elsewhere;
  for (const auto& each : options_.admin_endpoints)
    (each.starts_with("ipc://") ? here : elsewhere).push_back(each);
  if (!here.empty()) local_ = add_admin('l', std::move(here), nullptr);
  if (!elsewhere.empty()) remote_ = add_admin('r', std::move(elsewhere), by.get());
  cluster_ = cluster.get();
  poll_->add(std::move(cluster));
  if (by) poll_->add(std::move(by));
}

caf::behavior supervisor_bridge::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  poll_->start();
  return {
      [this](admit_node& what) {
        poll_->post([this, what = std::move(what)] { cluster_->admit(what); });
      },
      [this](refuse_node& what) {
        poll_->post([this, what = std::move(what)] { cluster_->refuse(what); });
      },
      [this](renew_hello& what) {
        poll_->post([this, what = std::move(what)] { cluster_->renew(what); });
      },
      [this](forget_node& what) {
        poll_->post([this, what = std::move(what)] { cluster_->forget(what); });
      },
      [this](settle_frame& what) {
        poll_->post([this, what = std::move(what)] { cluster_->settle(what); });
      },
      [this](send_order& what) {
        poll_->post([this, what = std::move(what)] { cluster_->send(what); });
      },
      [this](answer_lines& what) {
        poll_->post([this, what = std::move(what)] { cluster_->send(what); });
      },
      [this](ask_node& what) {
        poll_->post([this, what = std::move(what)] { cluster_->send(what); });
      },
      [this](ask_for_blob& what) {
        poll_->post([this, what = std::move(what)] { cluster_->send(what); });
      },
      [this](answer_client& what) {
        poll_->post([this, what = std::move(what)] {
          if (auto* by = what.client.starts_with('l') ? local_ : remote_) by->answer(what);
        });
      },
  };
}

void supervisor_bridge::on_exit() { poll_.reset(); }

template <class Message>
void worker_bridge::tell(Message message) {
  if (const auto to = options_.names->find(names::worker)) caf::anon_send(to, std::move(message));
}

worker_bridge::worker_bridge(caf::actor_config& config, worker_bridge_options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      poll_(std::make_unique<poll_thread>()) {
  client_events events;
  events.introduce = [this](introduce_yourself said) { tell(std::move(said)); };
  events.welcome = [this](welcomed said) { tell(std::move(said)); };
  events.order = [this](node_order said) { tell(order_received{std::move(said)}); };
  events.pressure = [this](link_pressure said) { tell(said); };
  events.blob_asked = [this](read_blob said) {
    if (const auto to = options_.names->find(names::blobs))
      caf::anon_send(to, artel::blob_asked{std::move(said)});
  };
  events.piece_came = [this](blob_piece said) {
    if (const auto to = options_.names->find(names::artifacts))
      caf::anon_send(to, artel::piece_came{std::move(said)});
  };
  events.lines_taken = [this](artel::lines_taken said) {
    if (const auto to = options_.names->find(names::log_sender)) caf::anon_send(to, said);
  };
  events.change = [this](node_change said) { tell(change_received{std::move(said)}); };
  events.refused_for_good = [give_up = options_.refused_for_good](const refused& why) {
    give_up(why.text);
  };
  auto client =
      std::make_unique<cluster_client>(poll_->context(), options_.cluster_endpoint, options_.name,
                                       options_.session, std::move(events), options_.keys);
  client_ = client.get();
  poll_->add(std::move(client));
}

caf::behavior worker_bridge::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  poll_->start();
  return {
      [this](artel::introduce& what) {
        poll_->post([this, what = std::move(what)] { client_->introduce(what.what); });
      },
      [this](send_reports& what) {
        poll_->post([this, what = std::move(what)] { client_->send(what.what); });
      },
      [this](send_progress& what) {
        poll_->post([this, what = std::move(what)] {
          if (!client_->pressed()) client_->send(what.what);
        });
      },
      [this](send_output& what) {
        poll_->post([this, what = std::move(what)] { client_->send(what.what); });
      },
      [this](send_tree& what) {
        poll_->post([this, what = std::move(what)] { client_->send(what.what); });
      },
      [this](ask_for_blob& what) {
        poll_->post([this, what = std::move(what)] { client_->send_once(what.what); });
      },
      [this](send_piece& what) {
        poll_->post([this, what = std::move(what)] { client_->send_once(what.what); });
      },
      [this](send_lines& what) {
        poll_->post([this, what = std::move(what)] { client_->send_once(what.what); });
      },
      [this](send_changed& what) {
        poll_->post([this, what = std::move(what)] { client_->send_once(what.what); });
      },
      [this](send_usage& what) {
        poll_->post([this, what = std::move(what)]() mutable {
          what.what.frames_kept = client_->frames_kept();
          client_->send_once(what.what);
        });
      },
      [this](const start_over&) {
        poll_->post([this] { client_->start_over("what the node can do has changed"); });
      },
      [this](goodbye& what) {
        poll_->post([this, what = std::move(what)] { client_->send(what); });
      },
  };
}

void worker_bridge::on_exit() { poll_.reset(); }

}  // namespace artel::transport
