// One row per method of the configuration, with full code → dataset/ml_training_dataset.json and
// .jsonl, a compact variant, and statistics. Rows of one object stay in one split, and copies of
// the same body are marked, so that nothing leaks from training into evaluation.
#include <map>
#include <unordered_map>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/sha256.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr double bytes_per_token =
    3.6;  // Cyrillic code in UTF-8, as common tokenizers cut it; an estimate

struct row {
  method_place place;
  std::string sha256;
  std::uint32_t duplicate_of = 0;  ///< row number + 1; 0 for none
};

// Bodies that differ only in blanks, case or comments' absence are one: folded text without blanks.
std::string normal_body(std::string_view body) {
  const auto folded = fold(body);
  std::string made;
  made.reserve(folded.size());
  for (std::size_t at = 0; at < folded.size();) {
    const auto point = decode(folded, at);
    if (!is_blank(point.value) && point.value != U'\n' && point.value != U'\r')
      made.append(folded, at, point.size);
    at += point.size;
  }
  return made;
}

// By object, so that methods of one object never land on both sides.
const char* split_of(std::string_view object) {
  std::uint32_t hash = 2166136261U;
  for (const char each : object) hash = (hash ^ static_cast<unsigned char>(each)) * 16777619U;
  const auto part = hash % 100;
  return part < 80 ? "train" : part < 90 ? "validation" : "test";
}

const char* language_of(std::string_view code) {
  std::size_t letters = 0;
  std::size_t russian = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const auto byte = static_cast<unsigned char>(code[i]);
    letters += byte == 0xD0 || byte == 0xD1 || (byte < 0x80 && is_letter(byte));
    russian += byte == 0xD0 || byte == 0xD1;
  }
  return russian * 2 >= letters ? "ru" : "en";
}

struct dataset {
  const model_index& index;
  std::vector<row> rows;
  const model& all = index.contents();

  bool collect(step_monitor& monitor) {
    std::unordered_map<std::string, std::uint32_t> first;
    for (std::uint32_t i = 0; i < all.modules.size(); ++i) {
      if (monitor.cancelled()) return false;
      monitor.progress(i, all.modules.size(), "comparing methods");
      const auto text = index.text(all.modules[i]);
      for (std::uint32_t m = 0; m < all.modules[i].syntax.methods.size(); ++m) {
        row made{
            {i, m}, sha256_hex(normal_body(all.modules[i].syntax.methods[m].body.in(text))), 0};
        const auto [at, fresh] =
            first.emplace(made.sha256, static_cast<std::uint32_t>(rows.size() + 1));
        if (!fresh) made.duplicate_of = at->second;
        rows.push_back(std::move(made));
      }
    }
    return true;
  }

  void context(json_writer& out, const module_entry& module) const {
    const auto owner = index.owner_of(module);
    out.key("context").object();
    out.field("module_name", owner ? all.objects[*owner].name : module.owner);
    out.field("object_type", owner ? all.objects[*owner].kind : "Configuration");
    out.key("object_metadata").object();
    if (owner) {
      const auto& object = all.objects[*owner];
      out.field("synonym", best_text(object.synonym));
      out.field("comment", object.comment);
      out.field("attributes", object.parts.attributes.size());
      out.field("tabular_sections", object.parts.tabular_sections.size());
    }
    out.end();
    out.field("module_type", module.module_type);
    out.end();
  }

  void names(json_writer& out, const bsl::method& method, std::string_view text) const {
    std::map<std::string, int> api, calls, tables;
    for (const auto& each : method.calls) {
      const auto name = model_index::call_name(each, text);
      calls[name];
      if (each.qualifier.empty() || index.common_module(each.qualifier.in(text))) api[name];
    }
    for (const auto& each : method.references)
      if (const auto object = index.object_of(each, text)) {
        api[all.objects[*object].id];
        if (each.via == bsl::reference_via::query) tables[all.objects[*object].id];
      }
    const auto list = [&](const char* name, const std::map<std::string, int>& from) {
      out.key(name).array();
      for (const auto& [each, unused] : from) out.text(each);
      out.end();
    };
    list("api_usage", api);
    list("calls", calls);
    list("tables", tables);
  }

  void write(json_writer& out, const row& from, bool compact) const {
    const auto& module = all.modules[from.place.module];
    const auto text = index.text(module);
    const auto& method = index.method(from.place);
    const auto code = with_line_feeds(method.whole.in(text));
    out.object();
    out.field("function_name", method.name.in(text));
    out.key("parameters").array();
    for (const auto& each : method.parameters) out.text(each.name.in(text));
    out.end();
    out.field("code", code);
    out.field("is_export", method.exported);
    if (compact) return out.end();
    context(out, module);
    out.key("metadata").object();
    out.field("code_length", code.size());
    out.field("params_count", method.parameters.size());
    out.field("complexity", method.metrics.cyclomatic);
    out.field("function_type",
              method.kind == bsl::method_kind::function ? "function" : "procedure");
    out.end();
    names(out, method, text);
    out.field("id", index.method_id(from.place));
    out.field("kind", method.kind == bsl::method_kind::function ? "function" : "procedure");
    out.field("path", module.path);
    out.field("line_start", method.line_start);
    out.field("line_end", method.line_end);
    out.field("signature", with_line_feeds(method.signature.in(text)));
    out.field("doc", with_line_feeds(method.doc.in(text)));
    out.field("directive", method.annotations.empty() ? std::string_view{}
                                                      : method.annotations.front().name.in(text));
    out.field("region", method.region == 0
                            ? std::string_view{}
                            : module.syntax.regions[method.region - 1].name.in(text));
    const auto owner = index.owner_of(module);
    out.field("object_id", module.owner);
    out.texts("subsystems", owner ? all.objects[*owner].subsystems : std::vector<std::string>{});
    out.field("cyclomatic", method.metrics.cyclomatic);
    out.field("cognitive", method.metrics.cognitive);
    out.field("tokens_est",
              static_cast<std::uint64_t>(static_cast<double>(code.size()) / bytes_per_token));
    out.field("language", language_of(code));
    out.field("sha256", from.sha256);
    out.key("duplicate_of");
    if (from.duplicate_of == 0)
      out.null();
    else
      out.text(index.method_id(rows[from.duplicate_of - 1].place));
    out.field("split", split_of(module.owner));
    out.field("vendor", all.configuration.vendor);
    out.key("licence").null();  // sources do not say it
    out.end();
  }

  enum class shape { full, compact, lines };

  outcome<done> file(const std::filesystem::path& path, shape as, step_monitor& monitor) const {
    file_sink sink(path);
    json_writer whole(sink, false);
    if (as != shape::lines) whole.array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i % 256 == 0) {
        if (monitor.cancelled()) return cancelled_trouble("edt.ml_dataset");
        monitor.progress(i, rows.size(), "writing rows");
      }
      if (as == shape::lines) {
        json_writer line(sink, false);
        write(line, rows[i], false);
        line.line();
      } else {
        write(whole, rows[i], as == shape::compact);
      }
    }
    if (as != shape::lines) {
      whole.end();
      whole.line();
    }
    return sink.close();
  }

  std::uint64_t duplicates() const {
    std::uint64_t count = 0;
    for (const auto& each : rows) count += each.duplicate_of != 0;
    return count;
  }

  outcome<done> statistics(const std::filesystem::path& path) const {
    std::map<std::string, std::uint64_t> splits, types, kinds;
    std::uint64_t exported = 0, documented = 0, functions = 0, code_bytes = 0;
    for (const auto& each : rows) {
      const auto& module = all.modules[each.place.module];
      const auto& method = index.method(each.place);
      ++splits[split_of(module.owner)];
      ++types[module.module_type];
      ++kinds[module.owner.substr(0, module.owner.find('.'))];
      exported += method.exported;
      documented += !method.doc.empty();
      functions += method.kind == bsl::method_kind::function;
      code_bytes += method.whole.length;
    }
    file_sink sink(path);
    json_writer out(sink);
    out.object();
    write_head(out, all.configuration);
    out.field("total_examples", rows.size());
    out.field("total_functions", functions);
    out.field("total_procedures", rows.size() - functions);
    out.field("export_functions", exported);
    out.field("with_documentation", documented);
    out.field("duplicates", duplicates());
    out.field(
        "avg_code_length",
        rows.empty() ? 0.0 : static_cast<double>(code_bytes) / static_cast<double>(rows.size()));
    out.map("by_split", splits);
    out.map("by_module_type", types);
    out.map("by_object_type", kinds);
    out.end();
    out.line();
    return sink.close();
  }
};

}  // namespace

outcome<step_result> ml_dataset_step(const step_input& input, step_monitor& monitor) {
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  dataset made{index, {}};
  if (!made.collect(monitor)) return cancelled_trouble("edt.ml_dataset");
  const auto folder = input.staging / "dataset";
  using shape = dataset::shape;
  if (auto put = made.file(folder / "ml_training_dataset.json", shape::full, monitor); !put)
    return put.error();
  if (auto put = made.file(folder / "ml_training_dataset.jsonl", shape::lines, monitor); !put)
    return put.error();
  if (auto put = made.file(folder / "ml_training_dataset_compact.json", shape::compact, monitor);
      !put)
    return put.error();
  if (auto put = made.statistics(folder / "dataset_statistics.json"); !put) return put.error();
  return headline(
      {{"examples", std::uint64_t{made.rows.size()}}, {"duplicates", made.duplicates()}});
}

}  // namespace artel::analysis
