// Expected trouble (bad input, a lost node, a full disk) travels as a value: a code for programs
// and one sentence for people that says what was expected, what came, where, and what to do.
// Impossible states use ARTEL_ASSERT instead.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace artel {

/// What kind of trouble; also the `code` of an admin refusal (docs/PROTOCOL.md).
enum class trouble_code : unsigned char {
  none = 0,
  bad_input = 1,    ///< the caller's fault: message says what and where
  not_found = 2,    ///< no such run, step, file …
  conflict = 3,     ///< it exists already or is in a state that forbids this
  unavailable = 4,  ///< can not be done now: journal full, nobody listens
  io_error = 5,     ///< the operating system said no
  corrupt = 6,      ///< bytes that are not what they should be
  limit = 7,        ///< a named bound was exceeded
  cancelled = 8,
  internal = 9,
  denied = 10  ///< who asks may not
};

struct trouble {
  trouble_code code = trouble_code::none;
  std::string text;
  friend bool operator==(const trouble&, const trouble&) = default;
};

/// Either a value or a trouble.
template <class T>
class [[nodiscard]] outcome {
public:
  outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}    // NOLINT
  outcome(trouble why) : state_(std::in_place_index<1>, std::move(why)) {}  // NOLINT
  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const trouble& error() const { return std::get<1>(state_); }

private:
  std::variant<T, trouble> state_;
};

struct done {
  friend bool operator==(done, done) = default;
};

inline trouble bad_input(std::string text) { return {trouble_code::bad_input, std::move(text)}; }

}  // namespace artel

/// Stays on in release builds: a broken invariant must not be acted upon.
#define ARTEL_ASSERT(condition, why)                                                             \
  do {                                                                                           \
    if (!(condition)) [[unlikely]] {                                                             \
      std::fprintf(stderr, "%s:%d: broken invariant: %s (%s)\n", __FILE__, __LINE__, #condition, \
                   why);                                                                         \
      std::abort();                                                                              \
    }                                                                                            \
  } while (false)
