#include "actors/work/secrets.hpp"

#include <sys/stat.h>

#include <cstdlib>

#include "actors/logging/events.hpp"
#include "config/pipeline_file.hpp"

namespace artel::work {
namespace {

outcome<std::string> suitable(const std::string& name, std::string value) {
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  const auto refuse = [&](const std::string& why) {
    return bad_input("secret '" + name + "' " + why);
  };
  if (value.size() < secret_bytes_min)
    return refuse("has fewer than " + std::to_string(secret_bytes_min) +
                  " bytes and could not be masked; take a longer one");
  if (value.size() > secret_bytes_max)
    return refuse("has more than " + std::to_string(secret_bytes_max) + " bytes");
  for (const auto c : value)
    if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t')
      return refuse("holds control characters; keep it as text, e.g. base64");
  return value;
}

}  // namespace

outcome<std::string> secret_store::find(const std::string& name) const {
  const auto path = folder_ / name;
  if (struct stat about{}; !folder_.empty() && ::stat(path.c_str(), &about) == 0) {
    if ((about.st_mode & S_IROTH) != 0)
      logging::note(
          events::secret_readable,
          {{"secret", name}, {"reason", path.string() + " may be read by everyone; chmod 600"}});
    auto text = config::read_text_file(path.string());
    return text ? suitable(name, *std::move(text)) : text;
  }
  if (const char* value = std::getenv(("ARTEL_SECRET_" + name).c_str()); value != nullptr)
    return suitable(name, value);
  return trouble{
      trouble_code::not_found,
      "this node does not know the secret '" + name + "': " +
          (folder_.empty() ? "start it with --secrets FOLDER and put it into the file " + name
                           : "put it into the file " + path.string()) +
          ", or set ARTEL_SECRET_" + name + " for the node"};
}

}  // namespace artel::work
