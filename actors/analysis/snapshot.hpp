// The published result of the parse step, for the steps after it. It comes in parts, one of each
// instance of the step; an object and its modules are in one part, and which one depends on the
// object's id alone. Readers map the files and check everything that points into them, so a damaged
// or half-written snapshot is one clear trouble and never a crash.
//
//   edt_parser/parts/N.model   frames: header · configuration · object* · module* · problem* ·
//   footer edt_parser/parts/N.text    texts of the modules one behind the other; module_entry says
//   where
//
//   frame   tag u8 · size of what follows u64 · its XXH3 u64 · one msgpack value, and for modules
//           the arrays of plain numbers: each its count u64 and its elements, padded to 8 bytes
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "actors/analysis/model.hpp"
#include "actors/analysis/text/files.hpp"
#include "actors/analysis/text/json_writer.hpp"
#include "messages/outcome.hpp"

namespace artel::analysis {

inline constexpr std::uint32_t snapshot_schema = 6;
inline constexpr const char* snapshot_folder = "edt_parser";
inline constexpr std::uint32_t shards_max = 1000;

/// Which part of the configuration one instance of the parse step reads.
struct shard {
  std::uint32_t number = 0;
  std::uint32_t count = 1;
  /// An object belongs to the shard that its id says, and so does all that is its.
  bool holds(std::string_view object_id) const;
};

/// Where a parse puts what it finds; objects first, each in the order of their ids.
class model_sink {
public:
  virtual ~model_sink() = default;
  virtual void put(const configuration_info& configuration) = 0;
  virtual void put(const metadata_object& object) = 0;
  /// Sets the entry's place in the texts.
  virtual void put(module_entry& entry, std::string_view text) = 0;
  virtual void put(const read_problem& problem) = 0;
};

/// Writes one part below a folder, piece by piece.
class part_writer : public model_sink {
public:
  /// `tree` is the hash of the configuration's descriptor: parts of one parse share it.
  part_writer(const std::filesystem::path& output, const shard& which, std::uint64_t tree);
  void put(const configuration_info& configuration) override;
  void put(const metadata_object& object) override;
  void put(module_entry& entry, std::string_view text) override;
  void put(const read_problem& problem) override;
  outcome<done> close();

private:
  void frame(std::uint8_t tag);

  file_sink model_;
  file_sink texts_;
  std::string packed_;
  std::uint64_t objects_ = 0;
  std::uint64_t modules_ = 0;
  std::uint64_t problems_ = 0;
  std::uint64_t text_bytes_ = 0;
};

class snapshot;

/// Keeps everything in memory.
class memory_model : public model_sink {
public:
  void put(const configuration_info& configuration) override;
  void put(const metadata_object& object) override;
  void put(module_entry& entry, std::string_view text) override;
  void put(const read_problem& problem) override;
  /// What was put; the sink is empty afterwards.
  snapshot take();

private:
  model contents_;
  std::vector<std::string> texts_;
};

/// A snapshot opened for reading.
class snapshot {
public:
  /// `output` is the folder that holds `edt_parser`. `cancelled` is asked now and then.
  static outcome<snapshot> open(const std::filesystem::path& output,
                                const std::function<bool()>& cancelled);
  /// One part alone, as a parse finds what an earlier one left; other shards' objects are missing.
  /// Refused when another build of the analysis wrote it: what that found may not be what this one
  /// finds.
  static outcome<snapshot> open_part(const std::filesystem::path& output, const shard& which,
                                     const std::function<bool()>& cancelled);
  /// What was parsed into memory; `texts[entry.part]` holds an entry's text.
  static snapshot of_memory(model contents, std::vector<std::string> texts);

  const model& contents() const { return model_; }
  std::size_t parts() const { return texts_.size(); }
  std::string_view text(const module_entry& entry) const {
    return texts_[entry.part].substr(entry.text_offset, entry.text_size);
  }

private:
  struct part_read;
  outcome<part_read> read_part(const std::filesystem::path& output, std::uint32_t number,
                               const std::function<bool()>& cancelled);
  void finish();

  model model_;
  std::vector<std::string_view> texts_;  ///< by part
  std::vector<mapped_file> mapped_;
  std::vector<std::string> owned_;
};

}  // namespace artel::analysis
