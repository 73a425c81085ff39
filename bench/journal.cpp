// bench-journal: facts a second made durable by the commit queue over the real journal, by how many
// share a transaction, and what one fdatasync costs on the same disk.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "actors/journal/commit_queue.hpp"
#include "actors/journal/journal_file.hpp"
#include "actors/submission_text.hpp"
#include "bench/figures.hpp"
#include "messages/wire/packing.hpp"

namespace {

using namespace artel;

/// Milliseconds of an append of a page with its sync.
double sync_ms(const std::filesystem::path& folder) {
  const int file =
      ::open((folder / "probe").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string block(4096, 'x');
  constexpr int times = 200;
  const auto begin = bench::clock_type::now();
  for (int i = 0; i < times; ++i)
    if (::write(file, block.data(), block.size()) < 0 || ::fdatasync(file) != 0) break;
  const auto took = bench::seconds_since(begin) * 1e3 / times;
  ::close(file);
  return took;
}

}  // namespace

int main(int argc, char** argv) {
  std::string name = argc > 1
                         ? std::string(argv[1]) + "/artel-bench.XXXXXX"
                         : (std::filesystem::temp_directory_path() / "artel-bench.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    std::perror(name.c_str());
    return 1;
  }
  constexpr int rounds = 5;
  bench::figures table("journal");
  std::vector<double> syncs;
  for (int i = 0; i < rounds; ++i) syncs.push_back(sync_ms(name));
  table.add("fdatasync of an appended page", syncs, "ms");
  {
    auto file = journal::journal_file::open(std::filesystem::path(name) / "journal.sqlite");
    if (!file) {
      std::fprintf(stderr, "bench-journal: %s\n", file.error().text.c_str());
      return 1;
    }
    journal::commit_queue queue(**file, "journal");
    std::uint64_t batch = 0;
    core::submission said;
    said.run = make_run_id(1, 1, 1);
    said.name = "bench";
    queue.add({1, ++batch, {{core::fact_kind::run_submitted, 1, 0, 0, 1, 0, wire::pack(said)}}});
    static_cast<void>(queue.commit());
    for (const std::uint32_t size : {1U, 8U, 64U, 512U, 4'096U}) {
      std::vector<double> facts_per_s, ms;
      const auto commits = std::max(20U, 2'000U / size);
      for (int round = 0; round < rounds; ++round) {
        const auto begin = bench::clock_type::now();
        for (std::uint32_t i = 0; i < commits; ++i) {
          std::vector<core::fact> facts;
          for (std::uint32_t n = 0; n < size; ++n)
            facts.push_back({core::fact_kind::step_started, 1, n, 1, 1'700'000'000'000,
                             std::int64_t{7}, "node"});
          queue.add({1, ++batch, std::move(facts)});
          static_cast<void>(queue.commit());
        }
        const auto took = bench::seconds_since(begin);
        facts_per_s.push_back(commits * double(size) / took);
        ms.push_back(took * 1e3 / commits);
      }
      const auto which = std::to_string(size) + " facts a transaction";
      table.add(which, facts_per_s, "facts/s");
      table.add(which + ", one of them", ms, "ms");
    }
  }
  std::filesystem::remove_all(name);
  return table.finish();
}
