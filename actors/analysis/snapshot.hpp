// The published result of the parse step, for the steps after it: `edt_parser/model.msgpack` with
// the model and `edt_parser/modules.bin` with the modules' texts. Readers map both files and check
// every number that points into the texts, so a damaged or half-written snapshot is one clear
// trouble and never a crash.
//
//   model.msgpack   a stream of msgpack binaries, each one byte of tag and one packed struct:
//                   header · configuration · object* · module* · problem* · footer
//   modules.bin     texts one behind the other, without byte order marks; module_entry says where
//   each lies
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "actors/analysis/model.hpp"
#include "actors/analysis/text/files.hpp"
#include "actors/analysis/text/json_writer.hpp"
#include "messages/outcome.hpp"

namespace artel::analysis {

inline constexpr std::uint32_t snapshot_schema = 3;
inline constexpr const char* snapshot_folder = "edt_parser";

/// Writes a snapshot below a folder, piece by piece.
class snapshot_writer {
public:
  explicit snapshot_writer(const std::filesystem::path& output);
  void put(const configuration_info& configuration);
  void put(const metadata_object& object);
  /// Sets the entry's place in modules.bin.
  void put(module_entry& entry, std::string_view text);
  void put(const read_problem& problem);
  outcome<done> close();

private:
  template <class T>
  void frame(std::uint8_t tag, const T& value);

  file_sink model_;
  file_sink texts_;
  std::string packed_;
  std::uint64_t objects_ = 0;
  std::uint64_t modules_ = 0;
  std::uint64_t problems_ = 0;
  std::uint64_t text_bytes_ = 0;
};

/// A snapshot opened for reading.
class snapshot {
public:
  /// `output` is the folder that holds `edt_parser`. `cancelled` is asked now and then.
  static outcome<snapshot> open(const std::filesystem::path& output,
                                const std::function<bool()>& cancelled);

  const model& contents() const { return model_; }
  std::string_view text(const module_entry& entry) const {
    return texts_.bytes().substr(entry.text_offset, entry.text_size);
  }

private:
  model model_;
  mapped_file texts_;
};

}  // namespace artel::analysis
