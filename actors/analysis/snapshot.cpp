#include "actors/analysis/snapshot.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "actors/analysis/snapshot_frames.hpp"
#include "actors/analysis/text/content_hash.hpp"
#include "embedded/analysis_sources.hpp"

namespace artel::analysis {
namespace {

namespace fs = std::filesystem;
using namespace snapshot_format;

fs::path part_file(const fs::path& output, std::uint32_t number, const char* ending) {
  return output / snapshot_folder / "parts" / (std::to_string(number) + ending);
}

trouble damaged(const fs::path& file, const std::string& why) {
  return {trouble_code::corrupt,
          path_text(file) + " can not be used: " + why + "; run the parse step again"};
}

/// Fills a model from frames; `problem` says why it stopped.
struct part_reader {
  model& to;
  std::uint32_t part;
  std::uint64_t texts;
  header opened = {};
  std::string problem = {};
  std::size_t objects_before = to.objects.size();
  std::size_t modules_before = to.modules.size();
  std::size_t problems_before = to.problems.size();
  bool finished = false;

  template <class T>
  bool take(std::string_view payload, T& value) {
    auto found = wire::unpack<T>(payload, frame_limits);
    if (!found) return problem = found.error().text, false;
    value = std::move(*found);
    return true;
  }

  bool take_header(std::string_view payload) {
    header found;
    if (!take(payload, found)) return false;
    if (found.format != format_name || found.schema != snapshot_schema)
      return problem = "it has schema " + std::to_string(found.schema) +
                       ", this program reads schema " + std::to_string(snapshot_schema),
             false;
    opened = std::move(found);
    return true;
  }

  bool take_module(std::string_view payload) {
    auto& entry = to.modules.emplace_back();
    std::uint64_t size = 0;
    if (payload.size() < sizeof size) return problem = "a module is cut short", false;
    std::memcpy(&size, payload.data(), sizeof size);
    payload.remove_prefix(sizeof size);
    const auto padded = (size + 7) / 8 * 8;
    if (padded > payload.size()) return problem = "a module is cut short", false;
    if (!take(payload.substr(0, size), entry)) return false;
    payload.remove_prefix(padded);
    bool whole = true;
    each_array_of(entry, [&](auto& array) { whole = whole && take_array(payload, array); });
    entry.part = part;
    if (whole && payload.empty() && fits(entry, texts)) return true;
    return problem = "module " + entry.id + " points outside of its texts", false;
  }

  bool take_footer(std::string_view payload) {
    footer found;
    if (!take(payload, found)) return false;
    const bool whole = found.objects == to.objects.size() - objects_before &&
                       found.modules == to.modules.size() - modules_before &&
                       found.problems == to.problems.size() - problems_before &&
                       found.text_bytes == texts;
    if (!whole) problem = "its pieces do not belong together";
    return finished = whole;
  }

  bool take(std::uint8_t which, std::string_view payload) {
    if (finished || ((opened.shards == 0) != (which == tag_header)))
      return problem = "its pieces are out of order", false;
    switch (which) {
      case tag_header:
        return take_header(payload);
      case tag_configuration:
        return take(payload, to.configuration);
      case tag_object:
        return take(payload, to.objects.emplace_back());
      case tag_module:
        return take_module(payload);
      case tag_problem:
        return take(payload, to.problems.emplace_back());
      case tag_footer:
        return take_footer(payload);
      default:
        return problem = "unknown piece " + std::to_string(which), false;
    }
  }
};

void place_in_subsystems(std::vector<metadata_object>& objects) {
  std::map<std::string_view, std::vector<std::string>> of;
  for (const auto& each : objects)
    if (each.kind == "Subsystem")
      for (const auto& inside : each.links.content) of[inside].push_back(each.id);
  for (auto& each : objects)
    if (const auto found = of.find(each.id); found != of.end()) each.subsystems = found->second;
}

}  // namespace

bool shard::holds(std::string_view object_id) const {
  return count <= 1 || content_hash(object_id) % count == number;
}

part_writer::part_writer(const fs::path& output, const shard& which, std::uint64_t tree)
    : model_(part_file(output, which.number, ".model"), file_sink::use::read_again),
      texts_(part_file(output, which.number, ".text"), file_sink::use::read_again) {
  packed_.assign(frame_head, '\0');
  wire::pack_into(packed_, header{std::string(format_name), snapshot_schema, which.number,
                                  which.count, tree, embedded::source_hash});
  frame(tag_header);
}

void part_writer::frame(std::uint8_t which) {
  seal(packed_, which);
  model_.put(packed_);
  packed_.assign(frame_head, '\0');
}

void part_writer::put(const configuration_info& configuration) {
  wire::pack_into(packed_, configuration);
  frame(tag_configuration);
}

void part_writer::put(const metadata_object& object) {
  wire::pack_into(packed_, object);
  frame(tag_object);
  ++objects_;
}

void part_writer::put(module_entry& entry, std::string_view text) {
  entry.text_offset = text_bytes_;
  entry.text_size = text.size();
  texts_.put(text);
  text_bytes_ += text.size();
  // Numbers lie at multiples of 8 behind the frame's head, so all is put together without it first.
  std::string body(sizeof(std::uint64_t), '\0');
  wire::pack_into(body, entry);
  const std::uint64_t size = body.size() - sizeof(std::uint64_t);
  std::memcpy(body.data(), &size, sizeof size);
  body.resize((body.size() + 7) / 8 * 8);
  each_array_of(entry, [&](const auto& array) { append_array(body, array); });
  packed_ += body;
  frame(tag_module);
  ++modules_;
}

void part_writer::put(const read_problem& problem) {
  wire::pack_into(packed_, problem);
  frame(tag_problem);
  ++problems_;
}

outcome<done> part_writer::close() {
  wire::pack_into(packed_, footer{objects_, modules_, problems_, text_bytes_});
  frame(tag_footer);
  if (auto closed = texts_.close(); !closed) return closed.error();
  return model_.close();
}

struct snapshot::part_read {
  std::uint32_t shards = 0;
  std::uint64_t tree = 0;
  std::uint64_t program = 0;
};

outcome<snapshot::part_read> snapshot::read_part(const fs::path& output, std::uint32_t number,
                                                 const std::function<bool()>& cancelled) {
  const auto file = part_file(output, number, ".model");
  const auto missing = [](const trouble& why) {
    return trouble{why.code, "no parsed configuration: " + why.text + "; run the parse step first"};
  };
  auto mapped = mapped_file::open(file);
  if (!mapped) return missing(mapped.error());
  auto texts = mapped_file::open(part_file(output, number, ".text"));
  if (!texts) return missing(texts.error());
  frame_reader frames(mapped->bytes());
  part_reader reader{model_, static_cast<std::uint32_t>(texts_.size()), texts->bytes().size()};
  while (!frames.at_end()) {
    if (cancelled())
      return trouble{trouble_code::cancelled, "cancelled while the parsed configuration was read"};
    std::uint8_t which = 0;
    std::string_view payload;
    if (!frames.next(which, payload)) return damaged(file, "it is cut short or damaged");
    if (!reader.take(which, payload)) return damaged(file, reader.problem);
  }
  if (!reader.finished) return damaged(file, "it is not complete");
  if (reader.opened.shard != number)
    return damaged(file, "it is part " + std::to_string(reader.opened.shard));
  texts_.push_back(texts->bytes());
  mapped_.push_back(std::move(*texts));
  return part_read{reader.opened.shards, reader.opened.tree, reader.opened.program};
}

void snapshot::finish() {
  const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
  std::sort(model_.objects.begin(), model_.objects.end(), by_id);
  std::sort(model_.modules.begin(), model_.modules.end(), by_id);
  std::sort(model_.problems.begin(), model_.problems.end(), [](const auto& a, const auto& b) {
    return std::tie(a.path, a.message) < std::tie(b.path, b.message);
  });
  place_in_subsystems(model_.objects);
}

outcome<snapshot> snapshot::open_part(const fs::path& output, const shard& which,
                                      const std::function<bool()>& cancelled) {
  snapshot made;
  const auto read = made.read_part(output, which.number, cancelled);
  if (!read) return read.error();
  if (read->shards != which.count)
    return damaged(part_file(output, which.number, ".model"),
                   "it is of another number of parts, " + std::to_string(read->shards));
  if (read->program != embedded::source_hash)
    return damaged(part_file(output, which.number, ".model"), "another program wrote it");
  made.finish();
  return made;
}

outcome<snapshot> snapshot::open(const fs::path& output, const std::function<bool()>& cancelled) {
  snapshot made;
  const auto first = made.read_part(output, 0, cancelled);
  if (!first) return first.error();
  for (std::uint32_t i = 1; i < std::min(first->shards, shards_max); ++i) {
    const auto next = made.read_part(output, i, cancelled);
    if (!next) return next.error();
    if (next->shards != first->shards || next->tree != first->tree)
      return damaged(part_file(output, i, ".model"), "it is of another parse than part 0");
  }
  made.finish();
  return made;
}

void memory_model::put(const configuration_info& configuration) {
  contents_.configuration = configuration;
}

void memory_model::put(const metadata_object& object) { contents_.objects.push_back(object); }

void memory_model::put(module_entry& entry, std::string_view text) {
  entry.text_offset = 0;
  entry.text_size = text.size();
  entry.part = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  contents_.modules.push_back(entry);
}

void memory_model::put(const read_problem& problem) { contents_.problems.push_back(problem); }

snapshot memory_model::take() {
  return snapshot::of_memory(std::exchange(contents_, {}), std::exchange(texts_, {}));
}

snapshot snapshot::of_memory(model contents, std::vector<std::string> texts) {
  snapshot made;
  made.model_ = std::move(contents);
  made.owned_ = std::move(texts);
  for (const auto& each : made.owned_) made.texts_.push_back(each);
  made.finish();
  return made;
}

}  // namespace artel::analysis
