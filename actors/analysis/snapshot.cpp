#include "actors/analysis/snapshot.hpp"

#include <algorithm>

#include "messages/wire/packing.hpp"

namespace artel::analysis {
namespace snapshot_format {

struct header {
  std::string format;
  std::uint32_t schema = 0;
  ARTEL_FIELDS(header, format, schema);
};
struct footer {
  std::uint64_t objects = 0;
  std::uint64_t modules = 0;
  std::uint64_t problems = 0;
  std::uint64_t text_bytes = 0;
  ARTEL_FIELDS(footer, objects, modules, problems, text_bytes);
};

}  // namespace snapshot_format
namespace {

using snapshot_format::footer;
using snapshot_format::header;

enum tag : std::uint8_t {
  tag_header = 1,
  tag_configuration,
  tag_object,
  tag_module,
  tag_problem,
  tag_footer
};

constexpr std::string_view format_name = "artel-configuration";
constexpr unsigned char binary_32 = 0xC6;  // msgpack: a binary with a length of four bytes
constexpr std::size_t frame_head = 5;

// One frame is one object or one module; the largest real module takes a few megabytes.
constexpr wire::limits frame_limits{1U << 30U, 24, 1U << 28U, 1U << 24U};

trouble damaged(const std::filesystem::path& file, const std::string& why) {
  return {trouble_code::corrupt,
          path_text(file) + " can not be used: " + why + "; run the parse step again"};
}

using bsl::span;

bool inside(const span& each, std::uint64_t size) {
  return std::uint64_t{each.offset} + each.length <= size;
}

bool fits(const bsl::method& method, std::uint64_t size, std::size_t regions) {
  const auto in = [size](const span& each) { return inside(each, size); };
  if (!in(method.name) || !in(method.whole) || !in(method.signature) || !in(method.body) ||
      !in(method.doc))
    return false;
  if (method.region > regions) return false;
  return std::all_of(method.parameters.begin(), method.parameters.end(),
                     [&](const auto& each) { return in(each.name) && in(each.default_value); }) &&
         std::all_of(method.annotations.begin(), method.annotations.end(),
                     [&](const auto& each) { return in(each.name) && in(each.argument); }) &&
         std::all_of(method.calls.begin(), method.calls.end(),
                     [&](const auto& each) { return in(each.qualifier) && in(each.name); }) &&
         std::all_of(method.queries.begin(), method.queries.end(),
                     [&](const auto& each) { return in(each.literal); }) &&
         std::all_of(method.references.begin(), method.references.end(),
                     [&](const auto& each) { return in(each.collection) && in(each.name); });
}

bool fits(const module_entry& entry, std::uint64_t texts) {
  if (entry.text_offset > texts || entry.text_size > texts - entry.text_offset) return false;
  const auto& syntax = entry.syntax;
  const auto regions = syntax.regions.size();
  const auto size = entry.text_size;
  const bool found_inside =
      std::all_of(entry.findings.begin(), entry.findings.end(), [&](const auto& each) {
        return inside(each.where, size) &&
               (each.method == no_method || each.method < syntax.methods.size());
      });
  return found_inside && fits(syntax.body, size, regions) &&
         std::all_of(syntax.methods.begin(), syntax.methods.end(),
                     [&](const auto& each) { return fits(each, size, regions); }) &&
         std::all_of(syntax.variables.begin(), syntax.variables.end(),
                     [&](const auto& each) {
                       return inside(each.name, size) && inside(each.directive, size);
                     }) &&
         std::all_of(syntax.regions.begin(), syntax.regions.end(), [&](const auto& each) {
           return inside(each.name, size) && each.parent <= regions;
         });
}

/// Walks the frames of a mapped model file.
class frame_reader {
public:
  explicit frame_reader(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }
  /// The next frame's payload; false when the bytes end inside it.
  bool next(std::uint8_t& which, std::string_view& payload) {
    if (rest_.size() < frame_head + 1 || static_cast<unsigned char>(rest_[0]) != binary_32)
      return false;
    std::size_t size = 0;
    for (std::size_t i = 1; i < frame_head; ++i)
      size = (size << 8U) | static_cast<unsigned char>(rest_[i]);
    if (size == 0 || size > rest_.size() - frame_head) return false;
    which = static_cast<std::uint8_t>(rest_[frame_head]);
    payload = rest_.substr(frame_head + 1, size - 1);
    rest_.remove_prefix(frame_head + size);
    return true;
  }

private:
  std::string_view rest_;
};

/// Fills a model from frames; `problem` says why it stopped.
struct model_reader {
  model& to;
  std::uint64_t texts;
  std::string problem;
  bool opened = false;
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
    return opened = true;
  }

  bool take_footer(std::string_view payload) {
    footer found;
    if (!take(payload, found)) return false;
    const bool whole = found.objects == to.objects.size() && found.modules == to.modules.size() &&
                       found.problems == to.problems.size() && found.text_bytes == texts;
    if (!whole) problem = "its parts do not belong together";
    return finished = whole;
  }

  bool take(std::uint8_t which, std::string_view payload) {
    if (finished || (!opened && which != tag_header))
      return problem = "its parts are out of order", false;
    switch (which) {
      case tag_header:
        return take_header(payload);
      case tag_configuration:
        return take(payload, to.configuration);
      case tag_object:
        return take(payload, to.objects.emplace_back());
      case tag_module:
        if (!take(payload, to.modules.emplace_back())) return false;
        if (fits(to.modules.back(), texts)) return true;
        return problem = "module " + to.modules.back().id + " points outside of modules.bin", false;
      case tag_problem:
        return take(payload, to.problems.emplace_back());
      case tag_footer:
        return take_footer(payload);
      default:
        return problem = "unknown part " + std::to_string(which), false;
    }
  }
};

}  // namespace

snapshot_writer::snapshot_writer(const std::filesystem::path& output)
    : model_(output / snapshot_folder / "model.msgpack"),
      texts_(output / snapshot_folder / "modules.bin") {
  frame(tag_header, header{std::string(format_name), snapshot_schema});
}

template <class T>
void snapshot_writer::frame(std::uint8_t which, const T& value) {
  packed_.assign(frame_head, '\0');
  packed_ += static_cast<char>(which);
  wire::pack_into(packed_, value);
  const auto size = packed_.size() - frame_head;
  packed_[0] = static_cast<char>(binary_32);
  for (std::size_t i = 1; i < frame_head; ++i)
    packed_[i] = static_cast<char>(size >> (8 * (frame_head - 1 - i)));
  model_.put(packed_);
}

void snapshot_writer::put(const configuration_info& configuration) {
  frame(tag_configuration, configuration);
}

void snapshot_writer::put(const metadata_object& object) {
  frame(tag_object, object);
  ++objects_;
}

void snapshot_writer::put(module_entry& entry, std::string_view text) {
  entry.text_offset = text_bytes_;
  entry.text_size = text.size();
  texts_.put(text);
  text_bytes_ += text.size();
  frame(tag_module, entry);
  ++modules_;
}

void snapshot_writer::put(const read_problem& problem) {
  frame(tag_problem, problem);
  ++problems_;
}

outcome<done> snapshot_writer::close() {
  frame(tag_footer, footer{objects_, modules_, problems_, text_bytes_});
  if (auto closed = texts_.close(); !closed) return closed.error();
  return model_.close();
}

outcome<snapshot> snapshot::open(const std::filesystem::path& output,
                                 const std::function<bool()>& cancelled) {
  const auto folder = output / snapshot_folder;
  const auto file = folder / "model.msgpack";
  auto mapped = mapped_file::open(file);
  if (!mapped)
    return trouble{mapped.error().code, "no parsed configuration: " + mapped.error().text +
                                            "; run the parse step first"};
  auto texts = mapped_file::open(folder / "modules.bin");
  if (!texts)
    return trouble{texts.error().code,
                   "no parsed configuration: " + texts.error().text + "; run the parse step first"};
  snapshot made;
  frame_reader frames(mapped->bytes());
  model_reader reader{made.model_, texts->bytes().size(), {}};
  while (!frames.at_end()) {
    if (cancelled())
      return trouble{trouble_code::cancelled, "cancelled while the parsed configuration was read"};
    std::uint8_t which = 0;
    std::string_view payload;
    if (!frames.next(which, payload)) return damaged(file, "it is cut short or damaged");
    if (!reader.take(which, payload)) return damaged(file, reader.problem);
  }
  if (!reader.finished) return damaged(file, "it is not complete");
  made.texts_ = std::move(*texts);
  return made;
}

}  // namespace artel::analysis
