#include "config/artifact_reader.hpp"

#include <algorithm>
#include <filesystem>

namespace artel::config {

std::vector<artifact_place> read_artifacts(const yaml_reader& in, const YAML::Node& value,
                                           const std::string& what) {
  std::vector<artifact_place> all;
  const auto add = [&](const YAML::Node& at, const std::string& name, const std::string& path) {
    const std::filesystem::path relative(path);
    const bool leads_out = std::any_of(relative.begin(), relative.end(),
                                       [](const auto& part) { return part == ".."; });
    if (path.empty() || relative.is_absolute() || leads_out || path.find('\n') != path.npos)
      in.mistake(at, what + ": '" + path + "': expected a path below $ARTEL_ARTIFACTS");
    auto normal = relative.lexically_normal().string();
    if (normal.ends_with('/')) normal.pop_back();
    if (normal == ".") in.mistake(at, what + ": '" + path + "': name a file or folder in it");
    for (const auto& other : all) {
      if (other.name == name) in.mistake(at, what + ": there are two named '" + name + "'");
      const auto within = [](const std::string& inner, const std::string& outer) {
        return inner == outer || inner.starts_with(outer + "/");
      };
      if (within(normal, other.path) || within(other.path, normal))
        in.mistake(at, what + ": '" + normal + "' and '" + other.path +
                           "' lie within each other; what is moved away for one is missed by the "
                           "other");
    }
    all.push_back({name, normal});
  };
  if (value.IsMap())
    in.each_key(value, what, [&](const auto& name, const auto& node, const auto& path) {
      in.check_name(node, name, what);
      add(path, name, in.text(path, what + "." + name));
    });
  else
    for (const auto& name : in.texts(value, what)) {
      if (name.find('/') != name.npos)
        in.mistake(value, what + ": '" + name +
                              "': what lies in a folder needs a name: {NAME: " + name + "}");
      in.check_name(value, name, what);
      add(value, name, name);
    }
  if (all.size() > artifacts_per_step_max)
    in.mistake(value, what + ": more than " + std::to_string(artifacts_per_step_max) +
                          " artifacts; make one folder of them");
  return all;
}

/// [STEP/ARTIFACT, …] or {NAME: STEP/ARTIFACT}; STEP[instance]/ARTIFACT is that of the instance
/// with the same number.
std::vector<input_definition> read_inputs(const yaml_reader& in, const YAML::Node& value,
                                          const std::string& what) {
  constexpr std::string_view own = "[instance]";
  std::vector<input_definition> all;
  const auto add = [&](const YAML::Node& at, const std::string& text, const std::string& name) {
    const auto slash = text.find('/');
    if (slash == text.npos || slash == 0 || slash + 1 == text.size())
      in.mistake(at, what + ": expected STEP/ARTIFACT, found '" + text + "'");
    input_definition one{name, text.substr(0, slash), text.substr(slash + 1), false,
                         yaml_reader::place_of(at)};
    one.own_instance = one.step.ends_with(own);
    if (one.own_instance) one.step.resize(one.step.size() - own.size());
    if (one.name.empty()) one.name = one.artifact;
    in.check_name(at, one.name, what);
    for (const auto& other : all)
      if (other.name == one.name)
        in.mistake(at, what + ": there are two named '" + one.name + "'; write {NAME: " + text +
                           "} with another name");
    all.push_back(std::move(one));
  };
  if (value.IsMap())
    in.each_key(value, what, [&](const auto& name, const auto&, const auto& v) {
      add(v, in.text(v, what + "." + name), name);
    });
  else
    for (const auto& text : in.texts(value, what)) add(value, text, {});
  return all;
}

}  // namespace artel::config
