#include "actors/work/disk_store.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "actors/work/attempt_folder.hpp"
#include "actors/work/sha256.hpp"
#include "actors/work/store_files.hpp"

namespace artel::work {
namespace {
namespace fs = std::filesystem;

trouble io(const fs::path& path, const std::string& what) {
  return file_trouble(path.string(), what);
}

outcome<std::string> hash_of(int file, const fs::path& shown) {
  sha256 sum;
  struct stat about {};
  ::fstat(file, &about);
  std::string buffer(std::clamp<off_t>(about.st_size, 1, 1 << 20), '\0');
  for (;;) {
    const auto got = ::read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io(shown, "can not be read");
    if (got == 0) return sum.hex();
    sum.add(buffer.data(), static_cast<std::size_t>(got));
  }
}

outcome<done> write_all(int file, std::string_view data, const fs::path& shown) {
  while (!data.empty()) {
    const auto put = ::write(file, data.data(), data.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return io(shown, "can not be written");
    data.remove_prefix(static_cast<std::size_t>(put));
  }
  return done{};
}

/// The store's name, made when there is none yet; another node may do that at the same time.
outcome<std::string> read_id(const fs::path& file) {
  unsigned char chance[16];
  if (::getrandom(chance, sizeof chance, 0) != sizeof chance) return io(file, "no random bytes");
  std::string id;
  for (const auto c : chance) id += {"0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
  const auto fresh = file.string() + "." + id;
  {
    const descriptor made(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!made) return io(fresh, "can not be made");
    if (auto good = write_all(made.get(), id, fresh); !good) return good.error();
    ::fsync(made.get());
  }
  const bool first = ::link(fresh.c_str(), file.c_str()) == 0;
  ::unlink(fresh.c_str());
  if (first) return id;
  std::ifstream in(file);
  std::string known;
  if (!std::getline(in, known) || known.size() != 32)
    return trouble{trouble_code::corrupt, file.string() + ": is not the id of a store; remove it"};
  return known;
}

}  // namespace

outcome<std::unique_ptr<disk_store>> disk_store::open(const store_lane& lane) {
  std::unique_ptr<disk_store> made(new disk_store(lane));
  auto id = read_id(lane.store() / "id");
  if (!id) return id.error();
  made->id_ = *std::move(id);
  return made;
}

void disk_store::clear() {
  std::error_code problem;
  for (const auto& left : fs::directory_iterator(attempts_, problem)) remove_tree(left);
  for (const auto& left : fs::directory_iterator(folder_ / "partial" / lane_, problem))
    if (left.path().filename().string().starts_with("put.")) fs::remove(left, problem);
}

fs::path disk_store::blob(const std::string& hash) const {
  return folder_ / "blobs" / hash.substr(0, 2) / hash;
}
fs::path disk_store::partial(const std::string& name) const {
  return folder_ / "partial" / lane_ / name;
}

bool disk_store::has(const std::string& hash) {
  return is_blob_hash(hash) && ::utimensat(AT_FDCWD, blob(hash).c_str(), nullptr, 0) == 0;
}

std::uint64_t disk_store::begun(const std::string& hash) {
  struct stat about {};
  return ::stat(partial(hash).c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

void disk_store::drop(const std::string& hash) { ::unlink(partial(hash).c_str()); }

outcome<done> disk_store::add(const std::string& hash, std::string_view data) {
  const auto path = partial(hash);
  const descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return io(path, "can not be made");
  const auto before = ::lseek(file.get(), 0, SEEK_END);
  auto good = write_all(file.get(), data, path);
  // Half a piece would be taken for the beginning of the next one.
  if (!good && ::ftruncate(file.get(), before) != 0) ::unlink(path.c_str());
  return good;
}

outcome<done> disk_store::complete(const std::string& hash) {
  const auto path = partial(hash);
  if (begun(hash) == 0)
    if (auto good = add(hash, {}); !good) return good;  // an empty blob
  return take_in(path, hash);
}

outcome<done> disk_store::take_in(const fs::path& file, const std::string& hash) {
  const descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!opened) return io(file, "can not be read");
  const auto sum = hash_of(opened.get(), file);
  if (!sum) return sum.error();
  if (*sum != hash) {
    ::unlink(file.c_str());
    return trouble{trouble_code::corrupt,
                   "what came has the SHA-256 " + *sum + " instead of " + hash};
  }
  return seal_blob(file, opened.get(), hash);
}

outcome<done> disk_store::seal_blob(const fs::path& file, int opened, const std::string& hash) {
  ::fchmod(opened, 0444);
  ::futimens(opened, nullptr);
  if (::fsync(opened) != 0) return io(file, "can not be written");
  const auto to = blob(hash);
  if (auto good = make_folder(to.parent_path(), 0700); !good) return good;
  if (::rename(file.c_str(), to.c_str()) != 0) return io(to, "can not be put in place");
  const descriptor folder(::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ::fsync(folder.get());
  return done{};
}

outcome<std::string> disk_store::read(const std::string& hash, std::uint64_t offset,
                                      std::size_t count, std::uint64_t& size) {
  if (!is_blob_hash(hash)) return bad_input("no proper hash");
  const auto path = blob(hash);
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return trouble{trouble_code::not_found, "it has been collected"};
  if (!file) return io(path, "can not be read");
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return io(path, "can not be read");
  if (offset == 0) ::futimens(file.get(), nullptr);
  size = static_cast<std::uint64_t>(about.st_size);
  std::string data(offset < size ? std::min<std::uint64_t>(count, size - offset) : 0, '\0');
  std::size_t have = 0;
  while (have < data.size()) {
    const auto got = ::pread(file.get(), data.data() + have, data.size() - have,
                             static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return io(path, "can not be read");
    have += static_cast<std::size_t>(got);
  }
  return data;
}

outcome<std::vector<folder_entry>> disk_store::list(const std::string& hash) {
  std::uint64_t size = 0;
  const auto text = read(hash, 0, folder_list_bytes_max, size);
  if (!text) return text.error();
  if (size > folder_list_bytes_max)
    return trouble{trouble_code::limit, "the list of the folder's files is too long"};
  return read_folder_list(*text);
}

outcome<done> disk_store::make_attempt(const attempt_ref& ref) {
  const auto folder = attempt_folder(attempts_, ref);
  remove_tree(folder);
  for (const auto& each : {folder, folder / "in", folder / "out"})
    if (auto good = make_folder(each, 0755); !good) return good;
  return done{};
}

/// The blob under another name. A clone where the file system can make one: then not even root can
/// spoil the store through it.
outcome<done> disk_store::place(const std::string& hash, const fs::path& to, bool executable) {
  const auto from = blob(hash);
  const descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return io(from, "can not be read");
  {
    const descriptor copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!copy) return io(to, "can not be made");
    ::fchmod(copy.get(), executable ? 0555 : 0444);
    if (::ioctl(copy.get(), FICLONE, source.get()) == 0) return done{};
    ::unlink(to.c_str());
  }
  if (!executable && ::link(from.c_str(), to.c_str()) == 0) return done{};
  std::error_code problem;
  fs::copy_file(from, to, problem);
  if (problem)
    return trouble{trouble_code::io_error, to.string() + ": can not be made: " + problem.message()};
  ::chmod(to.c_str(), executable ? 0555 : 0444);
  return done{};
}

outcome<done> disk_store::lay_out(const attempt_ref& ref, const input_blob& input) {
  const auto to = attempt_folder(attempts_, ref) / "in" / input.path;
  std::error_code problem;
  fs::create_directories(to.parent_path(), problem);
  if (!has(input.hash))
    return trouble{trouble_code::not_found, "blob " + input.hash + " is not in the store any more"};
  if (!input.folder) return place(input.hash, to, input.executable);
  const auto files = list(input.hash);
  if (!files) return files.error();
  fs::create_directories(to, problem);
  for (const auto& one : *files) {
    const auto path = to / one.path;
    fs::create_directories(one.kind == 'd' ? path : path.parent_path(), problem);
    if (one.kind == 'd') continue;
    if (!has(one.hash))
      return trouble{trouble_code::not_found, "blob " + one.hash + " is not in the store any more"};
    if (auto good = place(one.hash, path, one.kind == 'x'); !good) return good;
  }
  return done{};
}

void disk_store::end_attempt(const attempt_ref& ref) {
  remove_tree(attempt_folder(attempts_, ref));
}

std::uint64_t disk_store::collect(std::chrono::seconds unused_for) {
  std::uint64_t bytes = 0;
  const auto now = fs::file_time_type::clock::now();
  std::error_code problem;
  for (const auto* root : {"blobs", "partial"})
    for (const auto& folder : fs::directory_iterator(folder_ / root, problem))
      for (const auto& one : fs::directory_iterator(folder, problem)) {
        const auto used = one.last_write_time(problem);
        if (problem || now - used < unused_for || one.path().filename() == "lock" ||
            one.path().filename().string().starts_with("put."))
          continue;
        const auto size = one.file_size(problem);
        if (fs::remove(one.path(), problem)) bytes += size;
      }
  return bytes;
}

}  // namespace artel::work
