// The pipeline files that a supervisor node was given: read again when they change. A file that is
// broken keeps its last good text, of which a copy is kept, so that it outlives a restart.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "actors/interfaces.hpp"

namespace artel::coordination {

class pipeline_folder {
public:
  /// *.yaml and *.yml of `folder`; copies of their last good texts go to `copies`.
  pipeline_folder(std::filesystem::path folder, std::filesystem::path copies)
      : folder_(std::move(folder)), copies_(std::move(copies)) {}

  /// Reads what has changed since the last look. True: read() has something new to say.
  bool look();
  /// What is to be used now. Of several files with pipelines of one name the first counts.
  pipelines_read read() const;

private:
  struct stamp {
    std::filesystem::file_time_type at;
    std::uintmax_t size = 0;
    bool operator==(const stamp&) const = default;
  };
  struct known_file {
    stamp seen;
    pipeline_file good;  ///< its plan is null when there has never been one
    std::string problem;
  };
  void forget_copies(const std::map<std::filesystem::path, stamp>& seen) const;
  void read_file(const std::filesystem::path& path, known_file& to) const;
  outcome<pipeline_file> read_copy(const std::filesystem::path& path) const;
  void read_copies();
  std::string known_folder() const;  ///< which one it was when it was read last
  void note_folder() const;

  std::filesystem::path folder_, copies_;
  std::map<std::filesystem::path, known_file> files_;
  std::string problem_;  ///< of the folder itself
  bool looked_ = false;
};

}  // namespace artel::coordination
