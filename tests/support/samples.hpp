// A value of any message with every field filled in differently, by walking the field list: what
// the golden bytes and the damage tests are made of. Deterministic; a new field gets a value by
// itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/catalog.hpp"

namespace artel::tests {

class sampler {
public:
  template <class T>
  T make() {
    T value{};
    fill(value);
    return value;
  }

private:
  template <class T>
  void fill(T& value) {
    ++count_;
    if constexpr (std::is_same_v<T, bool>)
      value = true;
    else if constexpr (std::is_enum_v<T>)
      value = static_cast<T>(1);
    else if constexpr (std::is_integral_v<T>)
      value = static_cast<T>(count_ * 37);
    else if constexpr (std::is_floating_point_v<T>)
      value = count_ / 4.0;
    else if constexpr (std::is_same_v<T, std::string>)
      value = "t" + std::to_string(count_);
    else if constexpr (std::is_same_v<T, bytes>)
      value.data = std::string("\0\xff", 2) + std::to_string(count_);
    else if constexpr (std::is_same_v<T, run_id>)
      for (auto& each : value.bytes) each = static_cast<std::uint8_t>(++count_);
    else if constexpr (has_fields<T>)
      for_each_field(value, [this](std::string_view, auto& member) { fill(member); });
    else
      fill_container(value);
  }
  template <class T>
  void fill_container(std::optional<T>& one) {
    fill(one.emplace());
  }
  template <class T>
  void fill_container(std::vector<T>& all) {
    all.resize(2);
    for (auto& each : all) fill(each);
  }
  template <class T>
  void fill_container(std::map<std::string, T>& all) {
    for (int i = 0; i < 2; ++i) {
      std::string key;
      T value{};
      fill(key), fill(value);
      all[key] = value;
    }
  }
  int count_ = 0;
};

/// Calls visit(name, number, message) for a sample of every message in the catalog.
template <class Visit>
void each_sample(Visit&& visit) {
  std::apply(
      [&](auto... entry) {
        (visit(entry.name, decltype(entry)::number,
               sampler().make<typename decltype(entry)::message>()),
         ...);
      },
      catalog);
}

inline std::string to_hex(std::string_view data) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const char c : data) {
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

}  // namespace artel::tests
