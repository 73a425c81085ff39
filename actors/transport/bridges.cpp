#include "actors/transport/bridges.hpp"

#include "actors/actor_errors.hpp"

namespace artel::transport {
namespace {

/// Makes work for the poll thread of a message, when it is one of this type.
template <class Message, class Work>
bool post(poll_thread& to, caf::type_erased_tuple& told, Work work) {
  if (told.shared() || !told.match_elements<Message>()) return false;
  to.post([what = std::move(told.get_mutable_as<Message>(0)), work]() mutable { work(what); });
  return true;
}

}  // namespace

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
  return {[](tick) {}};  // all that it is told goes to the poll thread
}

void supervisor_bridge::enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) {
  if (!pass_on(what->content())) caf::event_based_actor::enqueue(std::move(what), unit);
}

bool supervisor_bridge::pass_on(caf::type_erased_tuple& told) {
  const auto send = [this](const auto& what) { cluster_->send(what); };
  return post<send_order>(*poll_, told, send) ||
         post<answer_client>(*poll_, told,
                             [this](const auto& what) {
                               if (auto* by = what.client.starts_with('l') ? local_ : remote_)
                                 by->answer(what);
                             }) ||
         post<settle_frame>(*poll_, told, [this](const auto& what) { cluster_->settle(what); }) ||
         post<answer_lines>(*poll_, told, send) || post<ask_node>(*poll_, told, send) ||
         post<ask_for_blob>(*poll_, told, send) ||
         post<admit_node>(*poll_, told, [this](const auto& what) { cluster_->admit(what); }) ||
         post<refuse_node>(*poll_, told, [this](const auto& what) { cluster_->refuse(what); }) ||
         post<renew_hello>(*poll_, told, [this](const auto& what) { cluster_->renew(what); }) ||
         post<forget_node>(*poll_, told, [this](const auto& what) { cluster_->forget(what); });
}

void supervisor_bridge::on_exit() { poll_->close(); }

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
  return {[](tick) {}};
}

void worker_bridge::enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) {
  if (!pass_on(what->content())) caf::event_based_actor::enqueue(std::move(what), unit);
}

bool worker_bridge::pass_on(caf::type_erased_tuple& told) {
  const auto send = [this](const auto& what) { client_->send(what.what); };
  const auto send_once = [this](const auto& what) { client_->send_once(what.what); };
  return post<send_reports>(*poll_, told, send) || post<send_output>(*poll_, told, send) ||
         post<send_progress>(*poll_, told,
                             [this](const auto& what) {
                               if (!client_->pressed()) client_->send(what.what);
                             }) ||
         post<artel::introduce>(*poll_, told,
                                [this](const auto& what) { client_->introduce(what.what); }) ||
         post<send_tree>(*poll_, told, send) || post<ask_for_blob>(*poll_, told, send_once) ||
         post<send_piece>(*poll_, told, send_once) || post<send_lines>(*poll_, told, send_once) ||
         post<send_changed>(*poll_, told, send_once) ||
         post<send_usage>(*poll_, told,
                          [this](auto& what) {
                            what.what.frames_kept = client_->frames_kept();
                            client_->send_once(what.what);
                          }) ||
         post<start_over>(
             *poll_, told,
             [this](const auto&) { client_->start_over("what the node can do has changed"); }) ||
         post<goodbye>(*poll_, told, [this](const auto& what) { client_->send(what); });
}

void worker_bridge::on_exit() { poll_->close(); }

}  // namespace artel::transport
