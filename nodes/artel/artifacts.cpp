// artel artifacts: what the steps of a run have made.
#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) return std::to_string(bytes) + " B";
  constexpr const char* units[] = {"KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < std::size(units); ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, units[unit]);
  return text;
}

const char* kind_of(const artifact& one) {
  return one.folder ? "folder" : one.executable ? "executable" : "file";
}

}  // namespace

int artifacts(const context& cli, const std::string& run, const std::string& step) {
  auto client = cli.client();
  const auto got = client.ask<artifacts_listed>(list_artifacts{run, step});
  if (!got) return fail(got.error());
  if (cli.as_json) {
    auto all = json::array();
    for (const auto& one : got->artifacts)
      all.push_back({{"step", one.step},
                     {"name", one.what.name},
                     {"kind", kind_of(one.what)},
                     {"size", one.what.size},
                     {"sha256", one.what.hash},
                     {"nodes", one.nodes}});
    return std::cout << print({{"artifacts", std::move(all)}, {"in_all", got->in_all}}) << '\n',
           nodes::exit_ok;
  }
  std::vector<std::vector<std::string>> rows{
      {"STEP", "ARTIFACT", "KIND", "SIZE", "SHA-256", "NODES"}};
  for (const auto& one : got->artifacts) {
    std::string where;
    for (const auto& node : one.nodes) where += (where.empty() ? "" : ", ") + node;
    rows.push_back({one.step, one.what.name, kind_of(one.what), size_text(one.what.size),
                    one.what.hash.substr(0, 12), where.empty() ? "none that is there" : where});
  }
  std::cout << (got->artifacts.empty() ? "nothing so far; steps make what stands under their "
                                         "'artifacts'\n"
                                       : table(rows));
  if (got->in_all > got->artifacts.size())
    std::cout << "… and " << got->in_all - got->artifacts.size()
              << " more; name a step, or step[instance]\n";
  return nodes::exit_ok;
}

}  // namespace artel::cli
