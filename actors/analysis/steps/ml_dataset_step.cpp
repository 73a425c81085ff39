// One row per method of the configuration, with full code → dataset/ml_training_dataset.json and
// .jsonl, a compact variant, and statistics. A row is made once and goes to all three files; the
// compact row is how every row begins.
#include <algorithm>
#include <map>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/dataset_groups.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/sha256.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr double bytes_per_token =
    3.6;  // Cyrillic code in UTF-8, as common tokenizers cut it; an estimate
constexpr std::size_t language_sample = 4096;  // bytes of a method that tell its language

const char* language_of(std::string_view code) {
  std::size_t letters = 0;
  std::size_t russian = 0;
  for (const char each : code.substr(0, language_sample)) {
    const auto byte = static_cast<unsigned char>(each);
    letters += byte == 0xD0 || byte == 0xD1 || (byte < 0x80 && is_letter(byte));
    russian += byte == 0xD0 || byte == 0xD1;
  }
  return russian * 2 >= letters ? "ru" : "en";
}

/// Rows as text, and their statistics.
class dataset {
public:
  explicit dataset(const model_index& from)
      : index(from), all(from.contents()), rows(dataset_rows(from)) {}

  outcome<done> write(const std::filesystem::path& folder, step_monitor& monitor) const {
    file_sink whole(folder / "ml_training_dataset.json");
    file_sink lines(folder / "ml_training_dataset.jsonl");
    file_sink compact(folder / "ml_training_dataset_compact.json");
    memory_sink row;
    std::uint64_t bytes = 0;
    const char* before = "[\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      bytes += index.method(rows[i].place).whole.length;
      if (i % 256 == 0) {
        if (monitor.cancelled()) return cancelled_trouble("edt.ml_dataset");
        monitor.progress(bytes, bytes_, "writing rows");
      }
      row.buffer().clear();
      const auto compact_size = write(row, rows[i]);
      const std::string_view text = row.buffer();
      whole.put(before), whole.put(text);
      lines.put(text), lines.put("\n");
      compact.put(before), compact.put(text.substr(0, compact_size)), compact.put("}");
      before = ",\n";
    }
    const std::string_view end = rows.empty() ? "[]\n" : "\n]\n";
    whole.put(end), compact.put(end);
    for (auto* file : {&whole, &lines, &compact})
      if (auto closed = file->close(); !closed) return closed;
    return statistics(folder / "dataset_statistics.json");
  }

  std::uint64_t count(std::uint32_t dataset_row::*of) const {
    return static_cast<std::uint64_t>(
        std::count_if(rows.begin(), rows.end(),
                      [of](const auto& each) { return each.*of != dataset_row::none; }));
  }
  std::uint64_t count(split in) const {
    return static_cast<std::uint64_t>(
        std::count_if(rows.begin(), rows.end(), [in](const auto& each) { return each.in == in; }));
  }

  const model_index& index;
  const model& all;
  std::vector<dataset_row> rows;

private:
  /// Returns how many bytes of the row the compact one has.
  std::size_t write(memory_sink& to, const dataset_row& row) const {
    json_writer out(to, false);
    const auto& module = all.modules[row.place.module];
    const auto text = index.text(module);
    const auto& method = index.method(row.place);
    const auto code = method.whole.in(text);
    out.object();
    out.field("function_name", method.name.in(text));
    out.key("parameters").array();
    for (const auto& each : module.syntax.parameters_of(method)) out.text(each.name.in(text));
    out.end();
    out.key("code").code(code, line_style::feeds);
    out.field("is_export", method.exported);
    const auto compact = to.buffer().size();
    context(out, module);
    out.key("metadata").object();
    out.field("code_length", code.size());
    out.field("params_count", method.parameters.size());
    out.field("complexity", method.metrics.cyclomatic);
    out.field("function_type", kind_of(method));
    out.end();
    names(out, method, module, text);
    out.field("id", index.method_id(row.place));
    out.field("kind", kind_of(method));
    place(out, method, module, text);
    measures(out, method, code);
    out.field("sha256", sha256_hex(with_line_feeds(code)));
    reference(out, "duplicate_of", row.duplicate_of);
    reference(out, "near_duplicate_of", row.near_duplicate_of);
    out.field("split", name_of(row.in));
    out.field("vendor", all.configuration.vendor);
    out.key("licence").null();  // sources do not say it
    out.end();
    return compact;
  }

  static const char* kind_of(const bsl::method& method) {
    return method.kind == bsl::method_kind::function ? "function" : "procedure";
  }

  void reference(json_writer& out, const char* key, std::uint32_t row) const {
    out.key(key);
    if (row == dataset_row::none)
      out.null();
    else
      out.text(index.method_id(rows[row].place));
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

  void names(json_writer& out, const bsl::method& method, const module_entry& module,
             std::string_view text) const {
    std::vector<std::string> api, tables;
    for (const auto& each : module.syntax.calls_of(method))
      if (each.qualifier.empty() || index.common_module(each.qualifier.in(text)))
        api.push_back(model_index::call_name(each, text));
    for (const auto& each : module.syntax.references_of(method))
      if (const auto object = index.object_of(each, text)) {
        api.push_back(all.objects[*object].id);
        if (each.via == bsl::reference_via::query) tables.push_back(all.objects[*object].id);
      }
    for (auto* list : {&api, &tables}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    out.texts("api_usage", api);
    out.texts("calls", model_index::call_names(module.syntax.calls_of(method), text));
    out.texts("tables", tables);
    out.key("queries").array();
    for (const auto& each : module.syntax.queries_of(method))
      out.code(each.literal.in(text), line_style::feeds);
    out.end();
    labels(out, method, module, text);
  }

  // What a model may be taught to say of a method.
  void labels(json_writer& out, const bsl::method& method, const module_entry& module,
              std::string_view text) const {
    bool transaction = false;
    for (const auto& each : module.syntax.calls_of(method))
      transaction |= each.qualifier.empty() && (same_name(each.name.in(text), "НачатьТранзакцию") ||
                                                same_name(each.name.in(text), "BeginTransaction"));
    out.key("labels").array();
    if (method.exported) out.text("export");
    if (method.async) out.text("async");
    if (!method.doc.empty()) out.text("documented");
    if (!method.queries.empty()) out.text("query");
    if (method.metrics.tries > 0) out.text("try");
    if (transaction) out.text("transaction");
    if (method.metrics.statements == 0) out.text("empty");
    out.end();
  }

  void place(json_writer& out, const bsl::method& method, const module_entry& module,
             std::string_view text) const {
    out.field("path", module.path);
    out.field("line_start", method.line_start);
    out.field("line_end", method.line_end);
    out.key("signature").code(method.signature.in(text), line_style::feeds);
    out.key("doc").code(method.doc.in(text), line_style::feeds);
    const auto annotations = module.syntax.annotations_of(method);
    out.field("directive",
              annotations.empty() ? std::string_view{} : annotations.front().name.in(text));
    out.field("region", method.region == 0
                            ? std::string_view{}
                            : module.syntax.regions[method.region - 1].name.in(text));
    out.field("object_id", module.owner);
    const auto owner = index.owner_of(module);
    out.texts("subsystems", owner ? all.objects[*owner].subsystems : std::vector<std::string>{});
  }

  static void measures(json_writer& out, const bsl::method& method, std::string_view code) {
    out.field("cyclomatic", method.metrics.cyclomatic);
    out.field("cognitive", method.metrics.cognitive);
    out.field("statements", method.metrics.statements);
    out.field("max_nesting", method.metrics.max_nesting);
    out.field("tokens_est",
              static_cast<std::uint64_t>(static_cast<double>(code.size()) / bytes_per_token));
    out.field("language", language_of(code));
  }

  outcome<done> statistics(const std::filesystem::path& path) const {
    std::map<std::string, std::uint64_t> splits, types, kinds;
    std::uint64_t exported = 0, documented = 0, functions = 0, code_bytes = 0;
    for (const auto& each : rows) {
      const auto& module = all.modules[each.place.module];
      const auto& method = index.method(each.place);
      ++splits[std::string(name_of(each.in))];
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
    out.field("duplicates", count(&dataset_row::duplicate_of));
    out.field("near_duplicates", count(&dataset_row::near_duplicate_of));
    out.field("near_duplicate_similarity", near_duplicate_min);
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

  std::uint64_t bytes_ = [this] {
    std::uint64_t sum = 0;
    for (const auto& each : rows) sum += index.method(each.place).whole.length;
    return sum;
  }();
};

}  // namespace

outcome<step_result> ml_dataset_step(const step_input& input, step_monitor& monitor) {
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  const dataset made(index);
  if (auto put = made.write(input.staging / "dataset", monitor); !put) return put.error();
  return headline({{"examples", std::uint64_t{made.rows.size()}},
                   {"duplicates", made.count(&dataset_row::duplicate_of)},
                   {"near_duplicates", made.count(&dataset_row::near_duplicate_of)},
                   {"excluded", made.count(split::excluded)}});
}

}  // namespace artel::analysis
