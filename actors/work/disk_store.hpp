// The store of artifacts in a folder:
//   id                       names the store; nodes that share it say the same one
//   blobs/ab/abcd…           read-only, each named by the SHA-256 of its content
//   partial/LANE/…           what is being brought or put away, by one process
//   attempts/LANE/RUN.I.A/   in/ what the attempt finds, out/ what it makes
// Several nodes of a host may use one at once: blobs come into place by rename.
#pragma once

#include <filesystem>
#include <memory>

#include "actors/work/blob_store.hpp"
#include "actors/work/descriptors.hpp"
#include "actors/work/store_lane.hpp"
#include "messages/cluster.hpp"

namespace artel::work {

class disk_store : public blob_store {
public:
  static outcome<std::unique_ptr<disk_store>> open(const store_lane& lane);
  /// Takes away what attempts and puttings of an earlier life of this process's actors have left.
  void clear();
  const std::string& id() const { return id_; }

  bool has(const std::string& hash) override;
  std::uint64_t begun(const std::string& hash) override;
  void drop(const std::string& hash) override;
  outcome<done> add(const std::string& hash, std::string_view data) override;
  outcome<done> complete(const std::string& hash) override;
  outcome<std::vector<folder_entry>> list(const std::string& hash) override;

  /// Some of a blob, for another node; `size` becomes that of the whole blob.
  outcome<std::string> read(const std::string& hash, std::uint64_t offset, std::size_t count,
                            std::uint64_t& size);
  /// Empty `in` and `out` for an attempt.
  outcome<done> make_attempt(const attempt_ref& ref);
  /// Puts what is in the store where the attempt finds it. Read-only; the store's own files are
  /// behind it, so that it costs nothing.
  outcome<done> lay_out(const attempt_ref& ref, const input_blob& input);
  /// Moves what the attempt has made into the store. No link is followed, none is taken.
  outcome<artifact> put(const attempt_ref& ref, const artifact_place& what);
  void end_attempt(const attempt_ref& ref);

  /// Removes blobs that nobody has made, fetched or read for so long; gives how many bytes that
  /// were.
  std::uint64_t collect(std::chrono::seconds unused_for);

private:
  explicit disk_store(const store_lane& lane)
      : folder_(lane.store()), lane_(lane.name()), attempts_(lane.attempts()) {}
  std::filesystem::path blob(const std::string& hash) const;
  std::filesystem::path partial(const std::string& name) const;
  /// Checks what the file holds and makes it a blob.
  outcome<done> take_in(const std::filesystem::path& file, const std::string& hash);
  /// The file, whose hash is known, becomes a blob.
  outcome<done> seal_blob(const std::filesystem::path& file, int opened, const std::string& hash);
  outcome<folder_entry> put_file(int folder, const std::string& name, const std::string& shown);
  outcome<done> put_folder(const descriptor& folder, const std::string& below,
                           std::vector<folder_entry>& list, const std::string& shown);
  outcome<done> seal_all();
  outcome<std::string> put_text(const std::string& text);
  outcome<done> place(const std::string& hash, const std::filesystem::path& to, bool executable);

  std::filesystem::path folder_;
  std::string lane_;
  std::filesystem::path attempts_;
  std::string id_;
  std::uint64_t last_put_ = 0;
  std::vector<std::pair<std::filesystem::path, std::string>> unsealed_;  ///< moved here; and hash
};

}  // namespace artel::work
