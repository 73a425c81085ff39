// What the parts of an expression come to.
#include "actors/core/expression_operators.hpp"

namespace artel::core {
namespace {

using json = nlohmann::json;
using part = expression_part;

class evaluation {
public:
  explicit evaluation(const lookup& from) : from_(from) {}

  json of(const part& one) const {
    switch (one.is) {
      case part::kind::literal:
        return one.value;
      case part::kind::list: {
        json made = json::array();
        for (const auto& each : one.parts) made.push_back(of(*each));
        return made;
      }
      case part::kind::read: {
        json found;
        if (const auto good = from_.find(one.what, found); !good)
          throw expression_mistake{good.error().text, good.error().code};
        return found;
      }
      case part::kind::member:
        if (const auto* kept = refer(one)) return *kept;
        return member(of(*one.parts[0]), of(*one.parts[1]));
      case part::kind::choice:
        return of(*one.parts[is_true(of(*one.parts[0])) ? 1 : 2]);
      case part::kind::call:
        return call(one);
      case part::kind::operation:
        return operation(one);
    }
    return {};
  }

private:
  /// A member, however deep, of what is kept elsewhere: only that is copied. nullptr: it is not.
  const json* refer(const part& one) const {
    if (one.is == part::kind::read) return from_.refer(one.what);
    if (one.is != part::kind::member) return nullptr;
    const auto* whole = refer(*one.parts[0]);
    return whole == nullptr ? nullptr : &member(*whole, of(*one.parts[1]));
  }

  json call(const part& one) const {
    if (one.name == "default") {
      try {
        auto first = of(*one.parts[0]);
        if (!first.is_null()) return first;
      } catch (const expression_mistake& wrong) {
        if (!wrong.missing()) throw;
      }
      return of(*one.parts[1]);
    }
    std::vector<json> given;
    for (const auto& each : one.parts) given.push_back(of(*each));
    return expression_functions().at(one.name).run(given);
  }

  json operation(const part& one) const {
    auto first = of(*one.parts[0]);
    const auto& sign = one.name;
    if (sign == "not") return !is_true(first);
    if (sign == "negative") return arithmetic("-", 0, first);
    if (sign == "or" || sign == "||") return is_true(first) ? first : of(*one.parts[1]);
    if (sign == "and" || sign == "&&") return is_true(first) ? of(*one.parts[1]) : first;
    const auto second = of(*one.parts[1]);
    const bool computes = std::string_view("+-*/%").find(sign) != std::string_view::npos;
    if (computes) return arithmetic(sign, first, second);
    return compare(sign, first, second);
  }

  const lookup& from_;
};
}  // namespace

outcome<done> expression::evaluate(const lookup& from, any_value& into) const {
  try {
    into = evaluation(from).of(*root_);
    return done{};
  } catch (const expression_mistake& wrong) {
    return trouble{wrong.code, wrong.text};
  } catch (const json::exception& wrong) {
    return bad_input(wrong.what());
  }
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>()
         : value.is_null() ? ""
                           : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_true(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  return !value.empty() && !(value.is_string() && value.get_ref<const std::string&>().empty());
}

}  // namespace artel::core