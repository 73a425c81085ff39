// artel artifacts RUN STEP --get NAME: brings what a step has made from the nodes that have it.
#include <filesystem>
#include <fstream>

#include "actors/work/sha256.hpp"
#include "messages/browse.hpp"
#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

namespace fs = std::filesystem;

trouble can_not_write(const fs::path& file) {
  return {trouble_code::io_error,
          "can not write " + file.string() + ": " + std::generic_category().message(errno)};
}

/// The file is there when it has come as a whole.
outcome<done> save(transport::admin_client& client, read_artifact what, const fs::path& to,
                   bool executable) {
  const fs::path part = to.string() + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  if (!out) return can_not_write(part);
  work::sha256 sum;
  const auto drop = [&](trouble why) {
    std::error_code none;
    out.close(), fs::remove(part, none);
    return why;
  };
  for (;;) {
    const auto got = client.ask<artifact_read>(what);
    if (!got) return drop(got.error());
    const auto& data = got->data.data;
    out.write(data.data(), static_cast<std::streamsize>(data.size()));
    if (!out) return drop(can_not_write(part));
    sum.add(data.data(), data.size());
    what.offset = got->next_offset;
    if (what.offset < got->size) continue;
    out.close();
    if (!out) return drop(can_not_write(part));
    if (sum.hex() != got->hash)
      return drop({trouble_code::corrupt, "what came of '" + what.name + "' " + what.path +
                                              " is not what the step had made; ask again"});
    break;
  }
  std::error_code wrong;
  if (executable)
    fs::permissions(part, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add, wrong);
  fs::rename(part, to, wrong);
  if (wrong) return drop({trouble_code::io_error, to.string() + ": " + wrong.message()});
  return done{};
}

bool stays_below(const std::string& path) {
  const fs::path one(path);
  return !path.empty() && !one.is_absolute() &&
         std::none_of(one.begin(), one.end(), [](const auto& each) { return each == ".."; });
}

outcome<std::uint64_t> save_folder(transport::admin_client& client, read_artifact what,
                                   artifact_read list, const fs::path& to) {
  std::error_code wrong;
  fs::create_directories(to, wrong);
  std::uint64_t count = 0;
  for (;;) {
    for (const auto& each : list.files) {
      if (!stays_below(each.path))
        return trouble{trouble_code::corrupt, "'" + each.path + "' leads out of the folder"};
      const auto file = to / each.path;
      fs::create_directories(file.parent_path(), wrong);
      auto one = what;
      one.path = each.path, one.offset = 0;
      if (auto good = save(client, one, file, each.executable); !good) return good.error();
      ++count;
    }
    if (list.next_offset >= list.in_all || list.files.empty()) return count;
    what.offset = list.next_offset;
    auto more = client.ask<artifact_read>(what);
    if (!more) return more.error();
    list = *std::move(more);
  }
}

}  // namespace

int get_artifact(const context& cli, const std::string& run, const std::string& step,
                 const std::string& name, const std::string& to) {
  if (step.empty())
    return fail(bad_input("--get: name the step, too: artel artifacts RUN STEP --get " + name));
  const fs::path target = to.empty() ? fs::path(name) : fs::path(to);
  std::error_code none;
  if (fs::exists(target, none))
    return fail(bad_input(target.string() + ": is there already; give another place with --to"));
  auto client = cli.client();
  const auto listed = client.ask<artifacts_listed>(list_artifacts{run, step});
  if (!listed) return fail(listed.error());
  bool executable = false;
  for (const auto& each : listed->artifacts)
    executable = executable || (each.what.name == name && each.what.executable);
  const read_artifact what{run, step, name};
  auto first = client.ask<artifact_read>(what);
  if (!first) return fail(first.error());
  if (!first->folder) {
    if (auto good = save(client, what, target, executable); !good) return fail(good.error());
    std::cout << target.string() << '\n';
    return nodes::exit_ok;
  }
  // It has its name when all of it is there; what a failed one has left is gone over the next time.
  const fs::path part = target.string() + ".part";
  const auto count = save_folder(client, what, *std::move(first), part);
  if (!count) return fail(count.error());
  fs::rename(part, target, none);
  if (none) return fail({trouble_code::io_error, target.string() + ": " + none.message()});
  std::cout << target.string() << "/  (" << *count << " files)\n";
  return nodes::exit_ok;
}

}  // namespace artel::cli
