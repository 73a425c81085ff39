// A VFS around SQLite's own that ends the process with SIGKILL before the nth change of a file.
// Linked into the supervisor node of the crash point test; the product knows nothing of it.
#include <signal.h>
#include <sqlite3.h>

#include <cstdlib>
#include <map>

namespace {

long crash_at = 0;  // NOLINT
long changes = 0;   // NOLINT

void count() {
  if (++changes == crash_at) ::raise(SIGKILL);
}

using methods = sqlite3_io_methods;
std::map<const methods*, methods> patched;          // NOLINT: by SQLite's own
std::map<const methods*, const methods*> original;  // NOLINT

const methods& inner(sqlite3_file* file) { return *original.at(file->pMethods); }
int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  count();
  return inner(file).xWrite(file, data, size, offset);
}
int sync(sqlite3_file* file, int flags) {
  count();
  return inner(file).xSync(file, flags);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  count();
  return inner(file).xTruncate(file, size);
}

sqlite3_vfs* unix_vfs = nullptr;  // NOLINT
sqlite3_vfs crashing;             // NOLINT

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* granted) {
  const int result = unix_vfs->xOpen(unix_vfs, name, file, flags, granted);
  if (result != SQLITE_OK || file->pMethods == nullptr) return result;
  auto& entry = patched[file->pMethods];
  entry = *file->pMethods;
  entry.xWrite = write;
  entry.xSync = sync;
  entry.xTruncate = truncate;
  original[&entry] = file->pMethods;
  file->pMethods = &entry;
  return result;
}

const bool installed = [] {
  const char* wish = std::getenv("ARTEL_CRASH_AT");
  if (wish == nullptr) return false;
  crash_at = std::atol(wish);
  unix_vfs = sqlite3_vfs_find(nullptr);
  crashing = *unix_vfs;
  crashing.zName = "artel-crashing";
  crashing.xOpen = open;
  return sqlite3_vfs_register(&crashing, 1) == SQLITE_OK;
}();

}  // namespace
