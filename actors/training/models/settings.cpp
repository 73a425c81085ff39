#include "actors/training/models/settings.hpp"

#include <algorithm>
#include <charconv>

namespace artel::training {
namespace {

std::string text_of(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

[[noreturn]] void refuse(const std::string& name, const std::string& text,
                         const std::string& expected) {
  throw data_mistake{"parameter " + name + ": '" + text + "'; expected " + expected};
}

}  // namespace

const std::string* settings_reader::find(const std::string& name) {
  known_.insert(name);
  const auto found = given_.find(name);
  return found == given_.end() || found->second.empty() ? nullptr : &found->second;
}

double settings_reader::real(const std::string& name, double otherwise, double min, double max) {
  double value = otherwise;
  if (const auto* text = find(name);
      text != nullptr && (!read_number(*text, value) || value < min || value > max))
    refuse(name, *text, "a number from " + text_of(min) + " to " + text_of(max));
  used_[name] = text_of(value);
  return value;
}

std::uint32_t settings_reader::whole(const std::string& name, std::uint32_t otherwise,
                                     std::uint32_t min, std::uint32_t max) {
  double value = otherwise;
  if (const auto* text = find(name);
      text != nullptr && (!read_number(*text, value) || value < min || value > max ||
                          value != static_cast<double>(static_cast<std::uint32_t>(value))))
    refuse(name, *text,
           "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  used_[name] = text_of(value);
  return static_cast<std::uint32_t>(value);
}

std::string settings_reader::choice(const std::string& name, const std::string& otherwise,
                                    const std::vector<std::string>& among) {
  const auto* text = find(name);
  if (text != nullptr && std::find(among.begin(), among.end(), *text) == among.end()) {
    std::string all;
    for (const auto& each : among) all += (all.empty() ? "" : ", ") + each;
    refuse(name, *text, "one of " + all);
  }
  return used_[name] = text == nullptr ? otherwise : *text;
}

void settings_reader::finish() const {
  for (const auto& [name, value] : given_) {
    if (known_.contains(name)) continue;
    std::string all;
    for (const auto& each : known_) all += (all.empty() ? "" : ", ") + each;
    throw data_mistake{"parameter '" + name + "' is not known here; there are " + all};
  }
}

}  // namespace artel::training
