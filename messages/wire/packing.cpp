#include "messages/wire/packing.hpp"

#include <bit>
#include <limits>
#include <msgpack.hpp>

namespace artel::wire {
namespace {

struct sink {
  std::string& to;
  void write(const char* data, std::size_t size) { to.append(data, size); }
};
auto packer(std::string& to) { return sink{to}; }

const char* name_of(reader::kind type) {
  switch (type) {
    case reader::kind::nil:
      return "nil";
    case reader::kind::boolean:
      return "a boolean";
    case reader::kind::unsigned_number:
      return "an unsigned number";
    case reader::kind::signed_number:
      return "a negative number";
    case reader::kind::real:
      return "a real number";
    case reader::kind::text:
      return "text";
    case reader::kind::binary:
      return "binary";
    case reader::kind::array:
      return "an array";
    case reader::kind::map:
      return "a map";
  }
  return "something else";
}

/// Collects tokens from msgpack's parser. Allocates nothing for the values: text points into the
/// input. A count that promises more than the input holds costs nothing, since nothing is reserved
/// for it.
struct collector : msgpack::null_visitor {
  std::vector<reader::token>& tokens;
  const limits& bounds;
  std::string problem;
  std::size_t depth = 0;
  collector(std::vector<reader::token>& to, const limits& limit) : tokens(to), bounds(limit) {}

  bool refuse(std::string why) {
    problem = std::move(why);
    return false;
  }
  bool add(reader::kind type, std::uint64_t number, std::string_view text = {}) {
    tokens.push_back({type, number, text});
    return true;
  }
  bool add_text(reader::kind type, const char* data, std::uint32_t size) {
    if (size > bounds.string_max)
      return refuse("a string of " + std::to_string(size) + " bytes (limit " +
                    std::to_string(bounds.string_max) + ")");
    return add(type, 0, {data, size});
  }
  bool open(reader::kind type, std::uint32_t count) {
    if (count > bounds.items_max)
      return refuse(std::to_string(count) + " items (limit " + std::to_string(bounds.items_max) +
                    ")");
    if (++depth > bounds.depth_max)
      return refuse("nesting deeper than " + std::to_string(bounds.depth_max));
    return add(type, count);
  }
  bool visit_nil() { return add(reader::kind::nil, 0); }
  bool visit_boolean(bool v) { return add(reader::kind::boolean, v ? 1 : 0); }
  bool visit_positive_integer(std::uint64_t v) { return add(reader::kind::unsigned_number, v); }
  bool visit_negative_integer(std::int64_t v) {
    return add(reader::kind::signed_number, static_cast<std::uint64_t>(v));
  }
  bool visit_float32(float v) {
    return add(reader::kind::real, std::bit_cast<std::uint64_t>(double{v}));
  }
  bool visit_float64(double v) { return add(reader::kind::real, std::bit_cast<std::uint64_t>(v)); }
  bool visit_str(const char* v, std::uint32_t size) {
    return add_text(reader::kind::text, v, size);
  }
  bool visit_bin(const char* v, std::uint32_t size) {
    return add_text(reader::kind::binary, v, size);
  }
  bool visit_ext(const char*, std::uint32_t) {
    return refuse("an extension type, which this protocol has none of");
  }
  bool start_array(std::uint32_t count) { return open(reader::kind::array, count); }
  bool end_array() { return --depth, true; }
  bool start_map(std::uint32_t count) { return open(reader::kind::map, count); }
  bool end_map() { return --depth, true; }
  void parse_error(std::size_t, std::size_t at) {
    problem = "not msgpack at byte " + std::to_string(at);
  }
  void insufficient_bytes(std::size_t, std::size_t at) {
    problem = "cut short at byte " + std::to_string(at);
  }
};

}  // namespace

#define ARTEL_PACKER      \
  auto out = packer(to_); \
  msgpack::packer<sink> pk(out)
void writer::put_bool(bool value) {
  ARTEL_PACKER;
  value ? pk.pack_true() : pk.pack_false();
}
void writer::put_unsigned(std::uint64_t value) {
  ARTEL_PACKER;
  pk.pack_uint64(value);
}
void writer::put_signed(std::int64_t value) {
  ARTEL_PACKER;
  pk.pack_int64(value);
}
void writer::put_double(double value) {
  ARTEL_PACKER;
  pk.pack_double(value);
}
void writer::put_text(std::string_view value) {
  ARTEL_PACKER;
  pk.pack_str(static_cast<std::uint32_t>(value.size()))
      .pack_str_body(value.data(), static_cast<std::uint32_t>(value.size()));
}
void writer::put_binary(std::string_view value) {
  ARTEL_PACKER;
  pk.pack_bin(static_cast<std::uint32_t>(value.size()))
      .pack_bin_body(value.data(), static_cast<std::uint32_t>(value.size()));
}
void writer::put_nil() {
  ARTEL_PACKER;
  pk.pack_nil();
}
void writer::put_array(std::size_t count) {
  ARTEL_PACKER;
  pk.pack_array(static_cast<std::uint32_t>(count));
}
void writer::put_map(std::size_t count) {
  ARTEL_PACKER;
  pk.pack_map(static_cast<std::uint32_t>(count));
}
#undef ARTEL_PACKER

reader::reader(std::string_view bytes, const limits& bounds) {
  if (bytes.size() > bounds.bytes_max) {
    fail(std::to_string(bytes.size()) + " bytes (limit " + std::to_string(bounds.bytes_max) + ")");
    return;
  }
  collector collect(tokens_, bounds);
  std::size_t offset = 0;
  const bool complete = msgpack::parse(bytes.data(), bytes.size(), offset, collect);
  if (!collect.problem.empty())
    fail(collect.problem);
  else if (!complete)
    fail("cut short at byte " + std::to_string(bytes.size()));
  else if (offset != bytes.size())
    fail(std::to_string(bytes.size() - offset) + " bytes after the end of the message");
}

void reader::fail(std::string what) {
  if (!problem_) problem_ = std::move(what);
}

const reader::token* reader::next(const char* expected) {
  if (failed()) return nullptr;
  if (position_ == tokens_.size())
    return fail(std::string("expected ") + expected + ", found the end"), nullptr;
  return &tokens_[position_++];
}

namespace {
std::string mismatch(const char* expected, reader::kind found) {
  return std::string("expected ") + expected + ", found " + name_of(found);
}
}  // namespace

bool reader::take_bool() {
  const auto* t = next("a boolean");
  if (t && t->type != kind::boolean) fail(mismatch("a boolean", t->type));
  return t && t->number != 0;
}

std::uint64_t reader::take_unsigned(std::uint64_t max) {
  const auto* t = next("an unsigned number");
  if (!t) return 0;
  if (t->type != kind::unsigned_number) return fail(mismatch("an unsigned number", t->type)), 0;
  if (t->number > max)
    return fail("expected at most " + std::to_string(max) + ", found " + std::to_string(t->number)),
           0;
  return t->number;
}

std::int64_t reader::take_signed(std::int64_t min, std::int64_t max) {
  const auto* t = next("a number");
  if (!t) return 0;
  if (t->type == kind::unsigned_number && t->number <= static_cast<std::uint64_t>(max))
    return static_cast<std::int64_t>(t->number);
  if (t->type == kind::signed_number && static_cast<std::int64_t>(t->number) >= min)
    return static_cast<std::int64_t>(t->number);
  if (t->type == kind::unsigned_number || t->type == kind::signed_number)
    fail("a number out of range");
  else
    fail(mismatch("a number", t->type));
  return 0;
}

double reader::take_double() {
  const auto* t = next("a real number");
  if (!t) return 0;
  if (t->type == kind::real) return std::bit_cast<double>(t->number);
  if (t->type == kind::unsigned_number) return static_cast<double>(t->number);
  fail(mismatch("a real number", t->type));
  return 0;
}

std::string_view reader::take_text() {
  const auto* t = next("text");
  if (t && t->type != kind::text) fail(mismatch("text", t->type));
  return t ? t->text : std::string_view{};
}

std::string_view reader::take_binary() {
  const auto* t = next("binary");
  if (t && t->type != kind::binary) fail(mismatch("binary", t->type));
  return t ? t->text : std::string_view{};
}

bool reader::take_nil() {
  if (failed() || position_ == tokens_.size() || tokens_[position_].type != kind::nil) return false;
  return ++position_, true;
}

std::size_t reader::take_array() {
  const auto* t = next("an array");
  if (t && t->type != kind::array) fail(mismatch("an array", t->type));
  return t && !failed() ? t->number : 0;
}

std::size_t reader::take_map() {
  const auto* t = next("a map");
  if (t && t->type != kind::map) fail(mismatch("a map", t->type));
  return t && !failed() ? t->number : 0;
}

std::optional<trouble> reader::finish() {
  if (!problem_ && position_ != tokens_.size())
    problem_ = std::to_string(tokens_.size() - position_) + " values after the end of the message";
  if (!problem_) return std::nullopt;
  std::string where;
  for (const auto& [name, index] : path_) {
    if (!where.empty() && !name.empty()) where += '.';
    where += name;
    if (index != no_index) where += '[' + std::to_string(index) + ']';
  }
  return trouble{trouble_code::corrupt, (where.empty() ? "message" : where) + ": " + *problem_};
}

}  // namespace artel::wire
