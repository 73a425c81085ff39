#include "actors/operation/page/content.hpp"

#include <sodium.h>

#include <algorithm>
#include <cctype>

#include "actors/logging/events.hpp"

namespace artel::operation {
namespace {

constexpr std::size_t looked_at = 1'024;

/// What is shown may run scripts of its own, as a report does; it has no origin, so no cookie and
/// nobody to ask, and loads nothing.
constexpr const char* policy_of_shown =
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src "
    "'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; frame-ancestors 'self'";

std::string percent_encoded(const std::string& text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string made;
  for (const unsigned char each : text)
    if (std::isalnum(each) != 0 || each == '-' || each == '_' || each == '.')
      made += static_cast<char>(each);
    else
      made += {'%', digits[each >> 4U], digits[each & 15U]};
  return made;
}

class content_stream : public event_stream {
public:
  content_stream(read_artifact what, bool show, asking_user who, http_reply_ptr to)
      : event_stream(std::move(to), std::move(who)), what_(std::move(what)), show_(show) {
    crypto_hash_sha256_init(&sum_);
  }
  void begin() override {}  // the first piece says what it is
  void end() override {}
  std::string sign_of_life() const override { return {}; }
  admin_request next() override { return what_; }

  bool take(const admin_answer& what) override {
    const auto* got = std::get_if<artifact_read>(&what);
    if (got == nullptr) return refuse(what);
    if (got->folder)
      return tell(
          {400, "application/json",
           error_text(trouble_code::bad_input, "'" + what_.name +
                                                   "' is a folder; name one of its files behind "
                                                   "…/content/")});
    const auto& data = got->data.data;
    crypto_hash_sha256_update(&sum_, reinterpret_cast<const unsigned char*>(data.data()),
                              data.size());
    const bool last = got->next_offset >= got->size;
    if (last && !is(got->hash)) {  // its last piece is not sent: who saves it sees that it failed
      logging::note(events::artifact_spoilt, {{"run", what_.run},
                                              {"step", what_.step},
                                              {"artifact", what_.name},
                                              {"hash", got->hash}});
      return begun_ ? cut()
                    : tell({502, "application/json",
                            error_text(trouble_code::corrupt,
                                       "what came is not what the step had made")});
    }
    if (!begun_) begin_with(*got);
    to()->write(data);
    what_.offset = got->next_offset;
    return last ? cut() : true;
  }

private:
  bool tell(http_answer what) {
    to()->answer(std::move(what));
    return false;
  }
  bool cut() {
    to()->end();
    return false;
  }
  bool refuse(const admin_answer& what) {
    const auto* no = std::get_if<refused>(&what);
    if (begun_) return cut();
    const refused why = no != nullptr ? *no : refused{trouble_code::internal, "no bytes"};
    return tell({status_of(why.code), "application/json", error_text(why.code, why.text)});
  }
  bool is(const std::string& hash) {
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&sum_, sum);
    char text[2 * sizeof sum + 1];
    return hash == sodium_bin2hex(text, sizeof text, sum, sizeof sum);
  }
  void begin_with(const artifact_read& got) {
    begun_ = true;
    const auto kind = kind_of_content(std::string_view(got.data.data).substr(0, looked_at));
    auto name = what_.path.substr(what_.path.rfind('/') + 1);
    if (name.empty()) name = what_.name + kind.ending;
    to()->begin_stream(
        kind.type, {{"Content-Length", std::to_string(got.size)},
                    {"Content-Security-Policy", policy_of_shown},
                    {"Referrer-Policy", "no-referrer"},
                    {"Content-Disposition", std::string(show_ ? "inline" : "attachment") +
                                                "; filename*=UTF-8''" + percent_encoded(name)}});
  }

  read_artifact what_;
  bool show_;
  bool begun_ = false;
  crypto_hash_sha256_state sum_;
};

}  // namespace

content_kind kind_of_content(std::string_view begin) {
  const auto is = [&](std::string_view mark) { return begin.starts_with(mark); };
  if (is("%PDF-")) return {"application/pdf", ".pdf"};
  if (is("\x89PNG\r\n")) return {"image/png", ".png"};
  if (is("\xff\xd8\xff")) return {"image/jpeg", ".jpg"};
  if (is("GIF8")) return {"image/gif", ".gif"};
  if (is("PK\x03\x04")) return {"application/zip", ".zip"};
  if (is("\x1f\x8b")) return {"application/gzip", ".gz"};
  // A NUL, and other signs that texts have not.
  const bool text = std::none_of(begin.begin(), begin.end(), [](unsigned char each) {
    return each < 0x20 && each != '\n' && each != '\r' && each != '\t' && each != 0x1b &&
           each != '\f';
  });
  if (!text) return {"application/octet-stream", ""};
  std::string small(begin.substr(std::min(begin.find_first_not_of(" \r\n\t"), begin.size()), 64));
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (small.starts_with("<!doctype html") || small.starts_with("<html"))
    return {"text/html; charset=utf-8", ".html"};
  if (small.starts_with("<svg")) return {"image/svg+xml", ".svg"};
  return {"text/plain; charset=utf-8", small.starts_with("{") ? ".json" : ".txt"};
}

bool is_content(const http_target& target) {
  const auto& path = target.path;
  return path.size() >= 8 && path[2] == "runs" && path[4] == "artifacts" && path[7] == "content";
}

stream_ptr open_content(const http_target& target, const asking_user& who,
                        const http_reply_ptr& to) {
  if (!is_content(target)) return nullptr;
  const auto& path = target.path;
  read_artifact what{path[3], path[5], path[6]};
  for (std::size_t i = 8; i < path.size(); ++i) what.path += (i > 8 ? "/" : "") + path[i];
  const auto show = target.query.find("show");
  return std::make_shared<content_stream>(
      std::move(what), show != target.query.end() && show->second == "true", who, to);
}

}  // namespace artel::operation
