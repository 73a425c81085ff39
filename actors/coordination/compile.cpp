#include "actors/coordination/compile.hpp"

#include "config/pipeline_file.hpp"

namespace artel::coordination {

outcome<std::shared_ptr<const core::graph>> compile(const std::string& text,
                                                    const std::string& file) {
  auto definition = config::read_pipeline(text, file);
  if (!definition) return definition.error();
  return core::build_graph(*std::move(definition));
}

}  // namespace artel::coordination
