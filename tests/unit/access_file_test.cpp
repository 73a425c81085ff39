// The access file: keys, names, roles, and what is wrong with one.
#include <catch2/catch.hpp>

#include "config/access_file.hpp"

using namespace artel;

namespace {

const std::string one_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
const std::string two_key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";

std::string refusal(const std::string& text) {
  const auto made = config::read_access(text, "access.yaml");
  return made ? "" : made.error().text;
}

}  // namespace

TEST_CASE("an access file says which key belongs to which node or user, and what users may do") {
  const auto made =
      config::read_access("nodes:\n  gpu-1: '" + one_key + "'\nusers:\n  al@host: {key: '" +
                              two_key + "', role: operator}\n",
                          "access.yaml");
  REQUIRE(made);
  CHECK(made->nodes.at(one_key) == "gpu-1");
  CHECK(made->users.at(two_key).name == "al@host");
  CHECK(made->users.at(two_key).role == user_role::operator_);
}

TEST_CASE(
    "an access file that is empty or was cut is refused, one that names nobody allows nobody") {
  for (const auto* text : {"", "\n", "# nobody yet\n"})
    CHECK(refusal(text).find("holds nothing") != std::string::npos);
  for (const auto* text : {"nodes:\nusers:\n", "users: {}"}) {
    const auto made = config::read_access(text, "access.yaml");
    REQUIRE(made);
    CHECK((made->nodes.empty() && made->users.empty()));
  }
}

TEST_CASE("a user without a role may look") {
  const auto made = config::read_access("users: {v: {key: '" + one_key + "'}}", "access.yaml");
  REQUIRE(made);
  CHECK(made->users.at(one_key).role == user_role::viewer);
}

TEST_CASE("a mistake in an access file is named with its place") {
  CHECK_FALSE(config::is_key(std::string(40, '#')));  // five letters that are more than four bytes
  CHECK(refusal("nodes: {a: short}").find("access.yaml:1:12: nodes.a: expected a public key") == 0);
  CHECK(refusal("users: {a: {role: admin}}").find("users.a: has neither a key nor a password") !=
        std::string::npos);
  CHECK(refusal("users: {a: {key: '" + one_key + "', role: oprator}}")
            .find("did you mean 'operator'") != std::string::npos);
  CHECK(refusal("nodes: {a: '" + one_key + "', b: '" + one_key + "'}").find("stands here twice") !=
        std::string::npos);
  CHECK(refusal("user: {}").find("did you mean 'users'") != std::string::npos);
  CHECK_FALSE(refusal("nodes: [").empty());
}
