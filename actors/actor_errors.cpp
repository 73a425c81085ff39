#include "actors/actor_errors.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

namespace artel {

std::string text_of(const caf::error& reason) {
  if (!reason) return "normal";
  if (reason.category() == caf::atom("exit"))
    return caf::to_string(static_cast<caf::exit_reason>(reason.code()));
  if (reason.context().match_elements<std::string>())
    return reason.context().get_as<std::string>(0);
  return caf::to_string(static_cast<caf::sec>(reason.code()));
}

caf::error failure(std::string text) {
  return caf::make_error(caf::sec::runtime_error, std::move(text));
}

void end_with_text_of_exceptions(caf::scheduled_actor& self) {
  self.set_exception_handler([](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return failure(e.what());
    } catch (...) {
      return failure("an exception of an unknown type");
    }
  });
}

}  // namespace artel
