// Server-sent events: a stream asks the cluster again and again for what comes next, and only when
// what it has sent has been read: a slow browser waits for itself.
#pragma once

#include <memory>
#include <optional>

#include "actors/operation/page/routes.hpp"

namespace artel::operation {

class event_stream {
public:
  event_stream(http_reply_ptr to, asking_user who) : to_(std::move(to)), who_(std::move(who)) {}
  virtual ~event_stream() = default;

  virtual void begin();
  virtual void end() { to_->end(); }
  /// What is written when there has been nothing to write for long.
  virtual std::string sign_of_life() const { return ": there\n\n"; }
  /// What to ask the cluster for next.
  virtual admin_request next() = 0;
  /// Sends what came; false: it is over.
  virtual bool take(const admin_answer& what) = 0;

  const asking_user& who() const { return who_; }
  const http_reply_ptr& to() const { return to_; }

  bool over = false;           ///< nothing more is asked or told
  bool asked = false;          ///< its question is under way
  std::int64_t ask_at_ms = 0;  ///< not before, monotonic
  std::int64_t sent_at_ms = 0;

protected:
  /// Of what is no answer: false when asking again would be refused again, which is then told.
  bool comes_back(const admin_answer& what);
  /// One event; `id` is what Last-Event-ID goes on from.
  void send(const std::string& id, const char* event, const json& data);

private:
  http_reply_ptr to_;
  asking_user who_;
};
using stream_ptr = std::shared_ptr<event_stream>;

/// The stream of a path below /api/v1; null: there is none. Throws json_mistake.
stream_ptr open_stream(const http_target& target, const std::string& last_event_id,
                       const asking_user& who, const http_reply_ptr& to);

}  // namespace artel::operation
