// A store of artifacts in memory, as a disk: it outlives the processes that use it.
#pragma once

#include <cstdio>
#include <map>

#include "actors/work/blob_store.hpp"

namespace artel::simulation {

class memory_store : public work::blob_store {
public:
  explicit memory_store(std::string id) : id_(std::move(id)) {}
  const std::string& id() const { return id_; }

  /// 64 hex digits that stand for the content; what they are computed by does not matter here.
  static std::string hash_of(const std::string& content) {
    std::uint64_t sum = 14'695'981'039'346'656'037ULL;
    std::string text;
    for (int part = 0; part < 4; ++part) {
      for (const char c : content)
        sum = (sum ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
      char hex[17];
      std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(sum));
      text += hex;
    }
    return text;
  }
  std::string put(const std::string& content) {
    auto hash = hash_of(content);
    blobs_[hash] = content;
    return hash;
  }
  const std::string* find(const std::string& hash) const {
    const auto found = blobs_.find(hash);
    return found == blobs_.end() ? nullptr : &found->second;
  }

  bool has(const std::string& hash) override { return blobs_.contains(hash); }
  std::uint64_t begun(const std::string& hash) override { return partial_[hash].size(); }
  void drop(const std::string& hash) override { partial_.erase(hash); }
  outcome<done> add(const std::string& hash, std::string_view data) override {
    partial_[hash] += data;
    return done{};
  }
  outcome<done> complete(const std::string& hash) override {
    const auto content = std::exchange(partial_[hash], {});
    if (hash_of(content) != hash) return trouble{trouble_code::corrupt, "other content"};
    blobs_[hash] = content;
    return done{};
  }
  outcome<std::vector<folder_entry>> list(const std::string& hash) override {
    return read_folder_list(blobs_[hash]);
  }

private:
  std::string id_;
  std::map<std::string, std::string> blobs_, partial_;
};

}  // namespace artel::simulation
