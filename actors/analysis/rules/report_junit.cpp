// JUnit's XML as CI systems read it: a suite per module, a failed case per new finding. Without
// findings there is one case that passed, since an empty file counts as no tests at all.
#include "actors/analysis/rules/reports.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

std::string escaped(std::string_view text) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decode(text, at);
    switch (point.value) {
      case U'&':
        made += "&amp;";
        break;
      case U'<':
        made += "&lt;";
        break;
      case U'>':
        made += "&gt;";
        break;
      case U'"':
        made += "&quot;";
        break;
      default:
        // XML 1.0 has no other control characters, and a damaged byte is no text.
        if (point.value == replacement || point.value == 0xFFFE || point.value == 0xFFFF ||
            (point.value < 0x20 && point.value != U'\t'))
          made += "\xEF\xBF\xBD";
        else
          made += text.substr(at, point.size);
    }
    at += point.size;
  }
  return made;
}

class junit_writer {
public:
  junit_writer(const report_source& from, file_sink& sink) : from_(from), sink_(sink) {}

  void write() {
    const auto failures = count_findings(from_.findings).fresh;
    sink_.put(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"artel lint\" tests=\"" +
        std::to_string(failures == 0 ? 1 : failures) + "\" failures=\"" + std::to_string(failures) +
        "\">\n");
    if (failures == 0)
      sink_.put(
          "<testsuite name=\"artel lint\" tests=\"1\" failures=\"0\"><testcase "
          "classname=\"artel\" name=\"lint\"/></testsuite>\n");
    const auto& all = from_.findings;
    for (std::size_t i = 0; i < all.size();) {
      auto end = i;
      while (end < all.size() && all[end].module == all[i].module) ++end;
      suite(i, end);
      i = end;
    }
    sink_.put("</testsuites>\n");
  }

private:
  void suite(std::size_t first, std::size_t last) {
    std::size_t fresh = 0;
    for (auto i = first; i < last; ++i) fresh += !from_.findings[i].in_baseline;
    if (fresh == 0) return;
    const auto path = escaped(from_.path_of(from_.findings[first]));
    const auto count = std::to_string(fresh);
    sink_.put("<testsuite name=\"" + path + "\" tests=\"" + count + "\" failures=\"" + count +
              "\">\n");
    for (auto i = first; i < last; ++i)
      if (!from_.findings[i].in_baseline) failure(from_.findings[i], path);
    sink_.put("</testsuite>\n");
  }

  void failure(const finding& each, const std::string& path) {
    const auto& which = rule_of(each.which);
    const auto line = std::to_string(each.line_start);
    const auto text = escaped(message(which, each.detail, from_.in));
    const auto id = escaped(from_.index.contents().modules[each.module].id);
    sink_.put("<testcase classname=\"" + id + "\" name=\"" + std::string(which.id) + ":" + line +
              ":" + std::to_string(each.column_start) + "\"><failure type=\"" +
              to_text(which.level) + "\" message=\"" + text + "\">" + path + ":" + line + ": " +
              text + "</failure></testcase>\n");
  }

  const report_source& from_;
  file_sink& sink_;
};

}  // namespace

outcome<done> write_junit(const report_source& from, const std::filesystem::path& file) {
  file_sink sink(file);
  junit_writer(from, sink).write();
  return sink.close();
}

}  // namespace artel::analysis
