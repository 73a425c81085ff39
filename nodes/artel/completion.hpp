// artel completion: verbs and options for the shells that people type in.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace artel::cli {

/// `shell` is bash, zsh or fish. Prints the script; gives the exit code.
int print_completion(const CLI::App& root, const std::string& shell);

}  // namespace artel::cli
