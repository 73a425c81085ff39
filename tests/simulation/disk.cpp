#include "tests/simulation/disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace artel::simulation {
namespace {

constexpr std::size_t sector_bytes = 512;
disk* current = nullptr;  // NOLINT: SQLite's VFS list is global, too

void apply(std::string& to, const disk::write& what, std::size_t bytes) {
  if (what.truncates) return to.resize(std::min<std::size_t>(to.size(), what.offset));
  if (to.size() < what.offset + bytes) to.resize(what.offset + bytes);
  to.replace(what.offset, bytes, what.data, 0, bytes);
}

struct handle {
  sqlite3_file base;
  disk* on;
  std::shared_ptr<disk::file> data;
};
handle& of(sqlite3_file* raw) { return *reinterpret_cast<handle*>(raw); }

int close(sqlite3_file* raw) { return of(raw).data.~shared_ptr(), SQLITE_OK; }

int read(sqlite3_file* raw, void* to, int bytes, sqlite3_int64 offset) {
  const auto& text = of(raw).data->now;
  const auto at = std::min<std::size_t>(static_cast<std::size_t>(offset), text.size());
  const auto have = std::min<std::size_t>(static_cast<std::size_t>(bytes), text.size() - at);
  std::memcpy(to, text.data() + at, have);
  std::memset(static_cast<char*>(to) + have, 0, static_cast<std::size_t>(bytes) - have);
  return have == static_cast<std::size_t>(bytes) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int change(sqlite3_file* raw, disk::write what) {
  auto& file = of(raw);
  const auto may = file.on->ask();
  if (may.happens) file.on->note(*file.data, std::move(what));
  return may.code;
}
int write(sqlite3_file* raw, const void* from, int bytes, sqlite3_int64 offset) {
  return change(raw, {static_cast<std::uint64_t>(offset),
                      {static_cast<const char*>(from), static_cast<std::size_t>(bytes)}});
}
int truncate(sqlite3_file* raw, sqlite3_int64 size) {
  return change(raw, {static_cast<std::uint64_t>(size), {}, true});
}
int sync(sqlite3_file* raw, int) {
  auto& file = of(raw);
  const auto may = file.on->ask();
  if (may.happens) disk::sync(*file.data);
  return may.code;
}
int file_size(sqlite3_file* raw, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(raw).data->now.size());
  return SQLITE_OK;
}
// One process at a time: locks always fit.
int lock(sqlite3_file*, int) { return SQLITE_OK; }
int is_locked(sqlite3_file*, int* answer) { return *answer = 0, SQLITE_OK; }
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector(sqlite3_file*) { return sector_bytes; }
int traits(sqlite3_file*) { return 0; }
int map_memory(sqlite3_file* raw, int page, int bytes, int, void volatile** to) {
  auto& all = of(raw).data->shared_memory;
  while (all.size() <= static_cast<std::size_t>(page))
    all.emplace_back(static_cast<std::size_t>(bytes), '\0');
  // The string's bytes stay where they are for as long as the vector is reserved below.
  *to = all[static_cast<std::size_t>(page)].data();
  return SQLITE_OK;
}
int lock_memory(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void barrier(sqlite3_file*) {}
int unmap_memory(sqlite3_file*, int) { return SQLITE_OK; }

const sqlite3_io_methods methods{2,       close,        read,    write,      truncate,
                                 sync,    file_size,    lock,    lock,       is_locked,
                                 control, sector,       traits,  map_memory, lock_memory,
                                 barrier, unmap_memory, nullptr, nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* raw, int flags, int* granted) {
  const std::string path = name == nullptr ? "temporary" : name;
  auto& file = current->files[path];
  if (file == nullptr) {
    if ((flags & SQLITE_OPEN_CREATE) == 0 || current->dead()) {
      current->files.erase(path);
      raw->pMethods = nullptr;
      return SQLITE_CANTOPEN;
    }
    file = std::make_shared<disk::file>();
    file->shared_memory.reserve(64);
  }
  raw->pMethods = &methods;
  of(raw).on = current;
  new (&of(raw).data) std::shared_ptr<disk::file>(file);
  if (granted != nullptr) *granted = flags;
  return SQLITE_OK;
}
int remove(sqlite3_vfs*, const char* name, int) {
  if (const auto may = current->ask(); !may.happens) return may.code;
  current->files.erase(name);
  return SQLITE_OK;
}
int access(sqlite3_vfs*, const char* name, int, int* answer) {
  return *answer = current->files.contains(name) ? 1 : 0, SQLITE_OK;
}
int full_path(sqlite3_vfs*, const char* name, int size, char* to) {
  return std::snprintf(to, static_cast<std::size_t>(size), "%s", name), SQLITE_OK;
}
int randomness(sqlite3_vfs*, int bytes, char* to) {
  for (int i = 0; i < bytes; ++i) to[i] = static_cast<char>(current->chance().next());
  return bytes;
}
int sleep(sqlite3_vfs*, int us) { return us; }
int julian_day(sqlite3_vfs*, double* now) { return *now = 2460000.5, SQLITE_OK; }
int last_error(sqlite3_vfs*, int, char*) { return 0; }

sqlite3_vfs vfs{1,       sizeof(handle), 256,        nullptr, "artel-simulation",
                nullptr, open,           remove,     access,  full_path,
                nullptr, nullptr,        nullptr,    nullptr, randomness,
                sleep,   julian_day,     last_error, nullptr, nullptr,
                nullptr, nullptr};

}  // namespace

void disk::use(disk* one) {
  current = one;
  if (sqlite3_vfs_find("artel-simulation") == nullptr) sqlite3_vfs_register(&vfs, 1);
  sqlite3_randomness(0, nullptr);  // begins anew, from this world's chance
}

disk::permission disk::ask() {
  ++writes_;
  if (dead_) return {false, SQLITE_IOERR};
  if (die_after == 0) dead_ = true;
  if (die_after >= 0) --die_after;
  if (dead_) return {false, SQLITE_IOERR};
  if (full) return {false, SQLITE_FULL};
  if (fail_after_doing > 0) return --fail_after_doing, permission{true, SQLITE_IOERR};
  return {true, SQLITE_OK};
}

void disk::note(file& of, write what) {
  apply(of.now, what, what.data.size());
  of.unsynced.push_back(std::move(what));
}

void disk::sync(file& of) {
  of.synced = of.now;
  of.unsynced.clear();
}

void disk::process_died() { dead_ = true; }

void disk::power_failed() {
  process_died();
  for (auto& [name, one] : files) {
    auto left = one->synced;
    for (const auto& what : one->unsynced) {
      const auto luck = chance_.next() % 3;
      if (luck == 0) continue;
      const auto whole = what.data.size();
      // A torn write ends at a sector.
      const auto bytes =
          luck == 1 ? whole : chance_.next() % (whole / sector_bytes + 1) * sector_bytes;
      apply(left, what, bytes);
    }
    one->now = left;
    sync(*one);
  }
}

void disk::revive() {
  dead_ = false;
  die_after = -1;
  fail_after_doing = 0;
  for (auto& [name, one] : files) one->shared_memory.clear();
}

}  // namespace artel::simulation
