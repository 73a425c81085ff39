// One field list per message. ARTEL_FIELDS names each member once; the codec, the JSON text of the
// command line and the tests all walk that list, so a field can not be packed and forgotten
// somewhere else. Knows nothing but std.
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>

namespace artel {

/// A member and its name. `T::*pointer` is the member; names are the words users see in --json.
template <class Owner, class Member>
struct field {
  std::string_view name;
  Member Owner::*pointer;
};
template <class Owner, class Member>
field(std::string_view, Member Owner::*) -> field<Owner, Member>;

/// A struct that carries a field list.
template <class T>
concept has_fields = requires {
  T::fields();
};

/// Calls visit(name, value.member) for each field, in order.
template <has_fields T, class Visitor>
constexpr void for_each_field(T& value, Visitor&& visit) {
  std::apply([&](auto... each) { (visit(each.name, value.*(each.pointer)), ...); },
             std::remove_const_t<T>::fields());
}

template <has_fields T>
constexpr std::size_t field_count = std::tuple_size_v<decltype(T::fields())>;

}  // namespace artel

#define ARTEL_PARENS ()
#define ARTEL_EXPAND(...) ARTEL_EXPAND2(ARTEL_EXPAND2(ARTEL_EXPAND2(ARTEL_EXPAND2(__VA_ARGS__))))
#define ARTEL_EXPAND2(...) ARTEL_EXPAND1(ARTEL_EXPAND1(ARTEL_EXPAND1(ARTEL_EXPAND1(__VA_ARGS__))))
#define ARTEL_EXPAND1(...) __VA_ARGS__
#define ARTEL_FIELD_EACH(T, ...) __VA_OPT__(ARTEL_EXPAND(ARTEL_FIELD_NEXT(T, __VA_ARGS__)))
#define ARTEL_FIELD_NEXT(T, a, ...)        \
  ::artel::field{#a, &T::a} __VA_OPT__(, ) \
      __VA_OPT__(ARTEL_FIELD_AGAIN ARTEL_PARENS(T, __VA_ARGS__))
#define ARTEL_FIELD_AGAIN() ARTEL_FIELD_NEXT

/// The field list of T, in wire order; new fields go to the end. Equality comes along.
#define ARTEL_FIELDS(T, ...)                                                                   \
  static constexpr auto fields() { return std::make_tuple(ARTEL_FIELD_EACH(T, __VA_ARGS__)); } \
  friend bool operator==(const T&, const T&) = default
