// Any text as a pipeline file: a graph, or one sentence that names the place. What compiles makes
// plans.
#include <cstdint>
#include <cstdlib>

#include "actors/coordination/compile.hpp"
#include "actors/core/render.hpp"
#include "actors/core/run_values.hpp"
#include "config/pipeline_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace artel;
  const auto plan =
      coordination::compile(std::string(reinterpret_cast<const char*>(data), size), "f.yaml");
  if (!plan) {
    if (!plan.error().text.starts_with("f.yaml:")) std::abort();
    return 0;
  }
  const auto params = config::resolve_params((*plan)->definition, {});
  if (!params) return 0;
  const core::submission said{{}, (*plan)->definition.name, 0, {}, {}, *params, {}};
  for (std::uint32_t step = 0; step < (*plan)->nodes.size(); ++step)
    static_cast<void>(core::render(**plan, step, {}, core::run_values(**plan, said, 0, step)));
  return 0;
}
