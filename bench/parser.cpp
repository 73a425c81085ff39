// bench-parser PATH [ROUNDS]: parses every .bsl file below PATH, held in memory, on one thread;
// prints the least CPU seconds of the rounds as JSON, so that other parsers can be put beside it
// (bench/beside_tree_sitter).
#include <ctime>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "actors/analysis/bsl/parser.hpp"

namespace {

namespace fs = std::filesystem;
namespace bsl = artel::analysis::bsl;

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::vector<std::string> texts_below(const fs::path& path) {
  std::vector<std::string> found;
  for (const auto& each : fs::recursive_directory_iterator(path)) {
    if (each.path().extension() != ".bsl") continue;
    std::ifstream in(each.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    found.push_back(text.str());
  }
  return found;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2 || count > 3) {
    std::fprintf(stderr, "usage: bench-parser PATH [ROUNDS]\n");
    return 2;
  }
  const auto rounds = count == 3 ? std::atoi(words[2]) : 3;
  const auto texts = texts_below(words[1]);
  std::size_t bytes = 0;
  for (const auto& each : texts) bytes += each.size();
  double best = 0;
  std::size_t methods = 0;
  std::size_t wrong = 0;
  bsl::token_log log;
  for (int round = 0; round < rounds; ++round) {
    methods = wrong = 0;
    const auto start = cpu_seconds();
    for (const auto& each : texts) {
      if (bsl::is_protected_image(each)) continue;
      const auto found = bsl::parse_module(bsl::without_byte_order_mark(each), &log);
      methods += found.methods.size();
      wrong += !found.errors.empty();
    }
    const auto seconds = cpu_seconds() - start;
    if (round == 0 || seconds < best) best = seconds;
  }
  std::printf(
      "{\"files\": %zu, \"bytes\": %zu, \"methods\": %zu, \"files_with_errors\": %zu, "
      "\"cpu_seconds\": %.3f, \"mb_per_second\": %.1f}\n",
      texts.size(), bytes, methods, wrong, best, static_cast<double>(bytes) / 1e6 / best);
  return 0;
}
