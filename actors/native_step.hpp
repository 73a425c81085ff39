// What a native step is: a function that runs inside a step host process. The rooms that know steps
// (analysis, training) offer them in a registry; the step host runs them; neither knows the other.
// A step may crash without harm to its node.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace artel {

/// What a native step is given.
struct step_input {
  std::map<std::string, std::string>
      with;  ///< the step's `with:` keys, templates already filled in
  std::filesystem::path
      output;  ///< final output folder (read what earlier steps published); may be empty
  std::filesystem::path
      staging;  ///< write here, laid out as under `output`; published when the report is accepted
  unsigned attempt = 1;
};

/// How a native step talks while it works. Thread-safe.
class step_monitor {
public:
  virtual ~step_monitor() = default;
  /// total 0 means unknown; units are the step's own (bytes, modules …). Cheap: call it as often as
  /// is natural.
  virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view text) = 0;
  /// A line into the attempt's log.
  virtual void log(std::string_view line) = 0;
  /// Poll it at least every 50 ms of work; return trouble_code::cancelled when it says true.
  virtual bool cancelled() const = 0;
  /// How many threads it may compute with, now: what is reserved for it, and with `spare_cpu` its
  /// share of what nobody has reserved. It changes while the step runs; ask again from time to
  /// time.
  virtual std::uint32_t cores() const { return 1; }
};

/// The structured result: one JSON object as text, at most 64 KiB, small headline numbers only.
using step_result = std::string;
using native_step = outcome<step_result> (*)(const step_input&, step_monitor&);
/// Name as pipelines use it (`edt.parse`) → function.
using native_step_registry = std::map<std::string, native_step, std::less<>>;

}  // namespace artel
