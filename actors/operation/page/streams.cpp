#include "actors/operation/page/streams.hpp"

#include "actors/operation/page/content.hpp"

namespace artel::operation {
namespace {

constexpr std::uint32_t entries_at_once = 200;

std::uint64_t number_in(const std::string& text, std::uint64_t otherwise) {
  if (text.empty()) return otherwise;
  const auto parsed = json::parse(text, nullptr, false);
  if (!parsed.is_number_unsigned()) throw json_mistake("expected a number, found '" + text + "'");
  return parsed.get<std::uint64_t>();
}

std::string at(const std::map<std::string, std::string>& all, const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() ? std::string() : found->second;
}

class change_stream : public event_stream {
public:
  change_stream(const std::string& last, asking_user who, http_reply_ptr to)
      : event_stream(std::move(to), std::move(who)) {
    const auto dash = last.find('-');
    if (dash == last.npos) return;
    life_ = number_in(last.substr(0, dash), 0);
    after_ = number_in(last.substr(dash + 1), 0);
  }
  admin_request next() override { return watch_changes{life_, after_, wait_ms_max}; }
  bool take(const admin_answer& what) override {
    const auto* seen = std::get_if<changes_seen>(&what);
    if (seen == nullptr) return comes_back(what);
    life_ = seen->life, after_ = seen->now;
    if (seen->all || seen->cluster || !seen->runs.empty())
      send(std::to_string(life_) + "-" + std::to_string(after_), "changes", to_json(*seen));
    return true;
  }

private:
  std::uint64_t life_ = 0, after_ = 0;
};

/// Facts, or lines: both are read on from a number.
template <class Question, class Answer>
class numbered_stream : public event_stream {
public:
  numbered_stream(Question what, std::optional<std::uint64_t> after, asking_user who,
                  http_reply_ptr to)
      : event_stream(std::move(to), std::move(who)), what_(std::move(what)) {
    what_.limit = entries_at_once, what_.wait_ms = wait_ms_max;
    what_.newest = !after;
    what_.after = after.value_or(0);
  }
  admin_request next() override { return what_; }
  bool take(const admin_answer& what) override {
    const auto* got = std::get_if<Answer>(&what);
    if (got == nullptr) return comes_back(what);
    if constexpr (std::is_same_v<Answer, events_read>)
      for (const auto& each : got->events) send(std::to_string(each.number), "fact", to_json(each));
    else
      for (const auto& each : got->lines) send(std::to_string(each.number), "line", to_json(each));
    what_.newest = false;
    what_.after = got->next_after;
    return true;
  }

private:
  Question what_;
};

class log_stream : public event_stream {
public:
  log_stream(read_log what, asking_user who, http_reply_ptr to)
      : event_stream(std::move(to), std::move(who)), what_(std::move(what)) {}
  admin_request next() override { return what_; }
  bool take(const admin_answer& what) override {
    const auto* got = std::get_if<log_read>(&what);
    if (got == nullptr) return comes_back(what);
    what_.offset = got->next_offset;
    if (got->attempt != 0) what_.attempt = got->attempt;
    if (!got->data.data.empty())
      send(place(), "text", {{"attempt", got->attempt}, {"data", to_json(got->data)}});
    if (got->ended) send(place(), "ended", {{"attempt", got->attempt}});
    return !got->ended;
  }

private:
  /// Of a later attempt the same offset means something else.
  std::string place() const {
    return std::to_string(what_.attempt) + "-" + std::to_string(what_.offset);
  }
  read_log what_;
};

}  // namespace

void event_stream::begin() {
  to_->begin_stream("text/event-stream", {});
  to_->write("retry: 1000\n\n");
}

bool event_stream::comes_back(const admin_answer& what) {
  const auto* no = std::get_if<refused>(&what);
  if (no == nullptr) return false;
  if (no->code == trouble_code::unavailable) return true;
  send("", "refused", {{"error", no->text}});
  return false;
}

void event_stream::send(const std::string& id, const char* event, const json& data) {
  std::string text;
  if (!id.empty()) text += "id: " + id + "\n";
  text += std::string("event: ") + event +
          "\ndata: " + data.dump(-1, ' ', false, json::error_handler_t::replace) + "\n\n";
  to_->write(std::move(text));
}

stream_ptr open_stream(const http_target& target, const std::string& last, const asking_user& who,
                       const http_reply_ptr& to) {
  const auto& path = target.path;  // api, v1, …
  const auto& query = target.query;
  if (path.size() == 4 && path[2] == "streams") {
    if (path[3] == "changes") return std::make_shared<change_stream>(last, who, to);
    const auto from = last.empty() ? at(query, "after") : last;
    const auto after = from.empty() ? std::nullopt : std::optional(number_in(from, 0));
    if (path[3] == "events") {
      read_events what;
      what.run = at(query, "run"), what.pipeline = at(query, "pipeline");
      return std::make_shared<numbered_stream<read_events, events_read>>(what, after, who, to);
    }
    if (path[3] == "lines") {
      read_lines what;
      for (const auto& [name, value] : query)
        for_each_field(what, [&, name = name, value = value](std::string_view field, auto& member) {
          if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::string>)
            if (field == name) member = value;
        });
      return std::make_shared<numbered_stream<read_lines, lines_read>>(what, after, who, to);
    }
  }
  if (path.size() == 8 && path[2] == "runs" && path[4] == "steps" && path[6] == "log" &&
      path[7] == "stream") {
    read_log what{path[3], path[5]};
    what.attempt = static_cast<std::uint32_t>(number_in(at(query, "attempt"), 0));
    if (const auto dash = last.find('-'); dash != last.npos) {
      what.attempt = static_cast<std::uint32_t>(number_in(last.substr(0, dash), 0));
      what.offset = number_in(last.substr(dash + 1), 0);
    }
    return std::make_shared<log_stream>(what, who, to);
  }
  return open_content(target, who, to);
}

}  // namespace artel::operation
