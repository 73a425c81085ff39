// Structs with a field list to msgpack bytes and back. Decoding is bounded and total: any bytes
// give a value or a trouble that says what was expected, what came, and where. A struct is an array
// of exactly its fields; unknown, missing and trailing data are refused. The only headers that know
// msgpack are in packing.cpp.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "messages/bytes.hpp"
#include "messages/fields.hpp"
#include "messages/ids.hpp"
#include "messages/outcome.hpp"

namespace artel::wire {

/// Bounds of what `unpack` accepts.
struct limits {
  std::size_t bytes_max = 16U << 20;  ///< a whole message
  std::size_t depth_max = 12;         ///< nested arrays and maps
  std::size_t string_max = 8U << 20;  ///< one string or binary value
  std::size_t items_max = 1U << 20;   ///< elements of one array or map
};

/// Appends msgpack to a string.
class writer {
public:
  explicit writer(std::string& to) : to_(to) {}
  void put_bool(bool value);
  void put_unsigned(std::uint64_t value);
  void put_signed(std::int64_t value);
  void put_double(double value);
  void put_text(std::string_view value);
  void put_binary(std::string_view value);
  void put_nil();
  void put_array(std::size_t count);
  void put_map(std::size_t count);

private:
  std::string& to_;
};

/// Walks decoded tokens; every `take_` says what it expected when it does not find it.
class reader {
public:
  enum class kind : std::uint8_t {
    nil,
    boolean,
    unsigned_number,
    signed_number,
    real,
    text,
    binary,
    array,
    map
  };
  struct token {
    kind type;
    std::uint64_t number = 0;  ///< value, or count for array and map; a double's bits for real
    std::string_view text;
  };

  /// Reads all tokens; `problem()` is set when the bytes are not one complete, bounded msgpack
  /// value.
  reader(std::string_view bytes, const limits& bounds);

  bool take_bool();
  std::uint64_t take_unsigned(std::uint64_t max);
  std::int64_t take_signed(std::int64_t min, std::int64_t max);
  double take_double();
  std::string_view take_text();
  std::string_view take_binary();
  bool take_nil();  ///< true and consumed if the next is nil; else nothing is consumed
  std::size_t take_array();
  std::size_t take_map();

  bool failed() const { return problem_.has_value(); }
  void fail(std::string what);
  /// Where the walk stands, as "runs[3].state"; kept as a stack so that no text is built unless
  /// something fails.
  struct place {
    std::string_view name;
    std::size_t index = no_index;
  };
  static constexpr std::size_t no_index = ~std::size_t{0};
  void enter(std::string_view name) { path_.push_back({name, no_index}); }
  void at(std::size_t index) { path_.back().index = index; }
  void leave() { path_.pop_back(); }
  /// Trouble if anything failed or tokens are left over.
  std::optional<trouble> finish();

private:
  const token* next(const char* expected);

  std::vector<token> tokens_;
  std::size_t position_ = 0;
  std::vector<place> path_;
  std::optional<std::string> problem_;
};

namespace detail {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class K, class V, class C>
struct is_map<std::map<K, V, C>> : std::true_type {};

template <class T>
void put(writer& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>)
    out.put_bool(value);
  else if constexpr (std::is_enum_v<T>)
    out.put_unsigned(static_cast<std::uint64_t>(value));
  else if constexpr (std::is_unsigned_v<T>)
    out.put_unsigned(value);
  else if constexpr (std::is_integral_v<T>)
    out.put_signed(value);
  else if constexpr (std::is_floating_point_v<T>)
    out.put_double(value);
  else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>)
    out.put_text(value);
  else if constexpr (std::is_same_v<T, bytes> || std::is_same_v<T, bytes_view>)
    out.put_binary(value.data);
  else if constexpr (std::is_same_v<T, run_id>)
    out.put_binary({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
  else if constexpr (is_vector<T>::value) {
    out.put_array(value.size());
    for (const auto& each : value) put(out, each);
  } else if constexpr (is_optional<T>::value) {
    if (value)
      put(out, *value);
    else
      out.put_nil();
  } else if constexpr (is_map<T>::value) {
    out.put_map(value.size());
    for (const auto& [key, each] : value) put(out, key), put(out, each);
  } else {
    out.put_array(field_count<T>);
    for_each_field(value, [&](std::string_view, const auto& member) { put(out, member); });
  }
}

template <class T>
void take(reader& in, T& value) {
  if constexpr (std::is_same_v<T, bool>)
    value = in.take_bool();
  else if constexpr (std::is_enum_v<T>)
    value = static_cast<T>(in.take_unsigned(static_cast<std::uint64_t>(enum_max(T{}))));
  else if constexpr (std::is_unsigned_v<T>)
    value = static_cast<T>(in.take_unsigned(static_cast<T>(~T{0})));
  else if constexpr (std::is_integral_v<T>)
    value = static_cast<T>(
        in.take_signed(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  else if constexpr (std::is_floating_point_v<T>)
    value = static_cast<T>(in.take_double());
  else if constexpr (std::is_same_v<T, std::string>)
    value = std::string(in.take_text());
  else if constexpr (std::is_same_v<T, std::string_view>)
    value = in.take_text();
  else if constexpr (std::is_same_v<T, bytes>)
    value.data = std::string(in.take_binary());
  else if constexpr (std::is_same_v<T, bytes_view>)
    value.data = in.take_binary();
  else if constexpr (std::is_same_v<T, run_id>) {
    const auto bytes = in.take_binary();
    if (!in.failed() && bytes.size() != value.bytes.size())
      in.fail("expected 16 bytes of run id, found " + std::to_string(bytes.size()));
    else if (!in.failed())
      std::memcpy(value.bytes.data(), bytes.data(), bytes.size());
  } else if constexpr (is_vector<T>::value) {
    const auto count = in.take_array();
    for (std::size_t i = 0; i < count && !in.failed(); ++i)
      in.at(i), take(in, value.emplace_back());
  } else if constexpr (is_optional<T>::value) {
    if (!in.take_nil()) take(in, value.emplace());
  } else if constexpr (is_map<T>::value) {
    const auto count = in.take_map();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
      typename T::key_type key{};
      in.at(i), take(in, key), take(in, value[key]);
    }
  } else {
    const auto count = in.take_array();
    if (!in.failed() && count != field_count<T>)
      in.fail("expected " + std::to_string(field_count<T>) + " fields, found " +
              std::to_string(count));
    for_each_field(value, [&](std::string_view name, auto& member) {
      if (in.failed()) return;
      in.enter(name);
      take(in, member);
      if (!in.failed()) in.leave();
    });
  }
}

}  // namespace detail

template <class T>
void pack_into(std::string& to, const T& value) {
  writer out(to);
  detail::put(out, value);
}

template <class T>
std::string pack(const T& value) {
  std::string bytes;
  pack_into(bytes, value);
  return bytes;
}

/// A T whose string_view members (if any) point into `bytes`.
template <class T>
outcome<T> unpack(std::string_view bytes, const limits& bounds = {}) {
  reader in(bytes, bounds);
  T value{};
  if (!in.failed()) in.enter(""), detail::take(in, value);
  if (auto why = in.finish()) return *why;
  return value;
}

}  // namespace artel::wire
