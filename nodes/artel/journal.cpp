#include "nodes/artel/journal.hpp"

#include <filesystem>

#include "actors/coordination/compile.hpp"
#include "actors/journal/care.hpp"
#include "actors/submission_text.hpp"
#include "config/quantities.hpp"
#include "messages/wire/packing.hpp"

namespace artel::cli {
namespace {

std::string file_of(const context& cli, const journal_options& what) {
  return what.file.empty() ? cli.data + "/journal.sqlite" : what.file;
}

core::history_check::opened read_submission(const std::string& packed) {
  auto said = artel::read_submission(packed);
  if (!said) return {};
  auto plan = coordination::recompile(said->pipeline, said->file);
  return {*std::move(said), plan ? *std::move(plan) : nullptr};
}

std::string megabytes(std::uint64_t bytes) {
  return std::to_string(bytes / 1'048'576) + "." +
         std::to_string(bytes % 1'048'576 * 10 / 1'048'576) + " MB";
}

}  // namespace

int check_journal(const context& cli, const journal_options& what) {
  const auto file = file_of(cli, what);
  const auto got = journal::check(file, read_submission);
  if (!got) return fail(got.error());
  for (const auto& each : got->problems) std::cout << each << '\n';
  if (got->problems.size() >= journal::problems_max) std::cout << "… and more\n";
  std::cout << file << ": " << got->facts << " facts of " << got->runs << " runs, "
            << got->active_runs << " of them not ended"
            << (got->without_sum == 0
                    ? ""
                    : ", " + std::to_string(got->without_sum) + " facts without a checksum")
            << "; " << (got->problems.empty() ? "nothing is wrong" : "it is damaged") << '\n';
  return got->problems.empty() ? nodes::exit_ok : nodes::exit_failed;
}

int backup_journal(const context& cli, const journal_options& what) {
  const auto got = journal::backup(file_of(cli, what), what.to);
  if (!got) return fail(got.error());
  std::cout << what.to << ": " << *got << " facts\n";
  return nodes::exit_ok;
}

int compact_journal(const context& cli, const journal_options& what) {
  std::error_code problem;
  // The real place: a link elsewhere must not get round the lock of its folder.
  const auto file = std::filesystem::weakly_canonical(file_of(cli, what), problem);
  const auto keep = what.keep == "forever" ? std::optional<std::uint64_t>(INT64_MAX / 2)
                                           : config::duration_ms(what.keep);
  if (!keep)
    return fail(bad_input("--keep '" + what.keep +
                          "': expected a duration such as 30d, or the word forever"));
  if (!std::filesystem::exists(file, problem))
    return fail({trouble_code::not_found, file.string() + ": there is no such file"});
  const auto folder = file.parent_path();
  if (const auto lock = nodes::lock_folder(folder.string(), "supervisor"); !lock)
    return fail(
        {lock.error().code,
         lock.error().text + " (a running node takes old runs out by itself, see its --keep)"});
  const auto got = journal::compact(
      file, {now_ms() - static_cast<std::int64_t>(*keep), what.keep_runs}, [&](const run_id& run) {
        std::error_code ignored;
        std::filesystem::remove_all(folder / "output" / to_text(run), ignored);
      });
  if (!got) return fail(got.error());
  std::cout << file.string() << ": " << got->runs << " runs with " << got->facts
            << " facts taken out, " << megabytes(got->bytes_before) << " → "
            << megabytes(got->bytes_after) << '\n';
  return nodes::exit_ok;
}

int salvage_journal(const context& cli, const journal_options& what) {
  const auto got = journal::salvage(file_of(cli, what), what.to, read_submission);
  if (!got) return fail(got.error());
  for (const auto& each : got->lost) std::cout << each << '\n';
  const auto file = file_of(cli, what);
  std::cout << what.to << ": " << got->facts << " facts of " << got->runs << " runs saved"
            << (got->lost.empty() ? ", nothing is lost" : "; what is lost stands above")
            << "\nto use it: stop the node, move " << file
            << " and its -wal and -shm away, and this one "
            << "in its place\n";
  return nodes::exit_ok;
}

}  // namespace artel::cli
