// Small tables for tests of the training.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>

#include "actors/training/models/model.hpp"
#include "tests/support/temp_folder.hpp"

namespace artel::tests {

inline std::string written(const temp_folder& in, const std::string& name,
                           const std::string& text) {
  const auto path = in.path() / name;
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

/// What is wrong with reading it; empty when nothing is.
inline std::string mistake_in(const std::string& path, training::declared_schema declared = {}) {
  try {
    training::load_table(path, training::infer_schema(path, declared));
  } catch (const training::data_mistake& e) {
    return e.text;
  }
  return {};
}

inline training::table loaded(const std::string& path, const std::string& schema = "{}") {
  const auto declared = training::read_declared_schema(schema, "schema.yaml");
  REQUIRE(declared);
  return training::load_table(path, training::infer_schema(path, *declared));
}

class silent_watch : public training::training_watch {
public:
  void iteration(std::uint32_t, std::uint32_t, const training::scores&) override { ++iterations; }
  bool cancelled() const override { return iterations >= cancel_after; }
  std::uint32_t threads() const override { return thread_plan[iterations % thread_plan.size()]; }
  std::vector<std::uint32_t> thread_plan{1};  ///< by iteration, over and over
  std::uint32_t iterations = 0, cancel_after = 1'000'000;
};

}  // namespace artel::tests
