#include "nodes/artel/lint_paths.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>

#include "actors/analysis/text/files.hpp"

namespace artel::cli {
namespace {

namespace fs = std::filesystem;

// Git writes names that are not ASCII as "src/\\320\\236…", in quotes, unless it is told not to.
std::string without_git_quotes(const std::string& text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
  std::string made;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] != '\\' || at + 2 >= text.size()) {
      made += text[at];
      continue;
    }
    const auto octal = [&](std::size_t place) {
      return place + 1 < text.size() && text[place] >= '0' && text[place] <= '7';
    };
    ++at;
    if (octal(at) && octal(at + 1) && octal(at + 2)) {
      made +=
          static_cast<char>((text[at] - '0') * 64 + (text[at + 1] - '0') * 8 + text[at + 2] - '0');
      at += 2;
    } else {
      made += text[at] == 't' ? '\t' : text[at] == 'n' ? '\n' : text[at];
    }
  }
  return made;
}

std::string tidied(std::string path) {
  while (path.ends_with('\r') || path.ends_with(' ')) path.pop_back();
  path = without_git_quotes(path);
  while (path.starts_with("./")) path.erase(0, 2);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// `wanted` is the path itself or a folder around it.
bool holds(std::string_view wanted, std::string_view path) {
  return wanted == "." ||
         (path.starts_with(wanted) && (path.size() == wanted.size() || path[wanted.size()] == '/'));
}

// As it is written in the reports, as it lies in the configuration, or longer than either: git
// names files from the top of the repository, wherever it is asked.
bool means(std::string_view wanted, const std::string& shown, const std::string& path) {
  return holds(wanted, shown) || holds(wanted, path) ||
         (wanted.size() > path.size() && wanted.ends_with(path) &&
          wanted[wanted.size() - path.size() - 1] == '/');
}

}  // namespace

std::string prefix_of(const fs::path& root) {
  auto seen = fs::absolute(root).lexically_normal().lexically_relative(fs::current_path());
  if (seen.empty() || *seen.begin() == "..") seen = root.lexically_normal();
  auto text = analysis::path_text(seen);
  if (text.empty() || text == ".") return "";
  return text.ends_with('/') ? text : text + "/";
}

outcome<std::optional<std::vector<std::string>>> wanted_paths(const lint_options& options) {
  if (options.only.empty() && options.only_from.empty()) return {std::nullopt};
  std::vector<std::string> made;
  for (const auto& each : options.only) made.push_back(tidied(each));
  if (options.only_from.empty()) return {std::move(made)};
  std::ifstream file;
  if (options.only_from != "-") {
    file.open(options.only_from);
    if (!file) return bad_input("--only-from: " + options.only_from + " can not be read");
  }
  std::istream& in = options.only_from == "-" ? std::cin : file;
  for (std::string line; std::getline(in, line);)
    if (auto path = tidied(line); !path.empty()) made.push_back(path);
  return {std::move(made)};
}

std::vector<std::string> keep_only(std::vector<analysis::finding>& findings,
                                   const analysis::model& all, const std::string& prefix,
                                   const std::vector<std::string>& paths) {
  std::vector<bool> used(paths.size());
  std::vector<bool> wanted(all.modules.size());
  for (std::size_t m = 0; m < all.modules.size(); ++m)
    for (std::size_t i = 0; i < paths.size(); ++i)
      if (means(paths[i], prefix + all.modules[m].path, all.modules[m].path))
        used[i] = wanted[m] = true;
  std::erase_if(findings, [&](const auto& each) { return !wanted[each.module]; });
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (!used[i]) unknown.push_back(paths[i]);
  return unknown;
}

}  // namespace artel::cli
