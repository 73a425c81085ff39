// Five tables of the analysis data set, one for each kind of model: what kind of method it is from
// its body, how complex from its signature and place, methods to cluster, methods to rank for a doc
// comment, and metadata objects to recommend to a module. Each row has its part (split) from the
// data set, so that methods of one object, and copies, never are in two parts.
#pragma once

#include <filesystem>

#include "actors/native_step.hpp"
#include "actors/training/data/byte_source.hpp"

namespace artel::training {

struct table_file {
  std::string task;  ///< classification, regression …
  std::string file;  ///< its name in the folder
  std::uint64_t rows = 0;
};

/// Reads `dataset` (ml_training_dataset.jsonl of edt.ml_dataset) and writes the tables with their
/// schemas
/// (`NAME.schema.yaml`) into `folder`. Throws data_mistake.
std::vector<table_file> write_method_tables(const std::string& dataset,
                                            const std::filesystem::path& folder,
                                            step_monitor& monitor);

}  // namespace artel::training
