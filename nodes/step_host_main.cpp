// artel-step-host: the process in which steps execute. Started by worker nodes only; a crash in
// here harms nobody else.
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "actors/analysis/steps.hpp"
#include "actors/training/steps.hpp"
#include "actors/work/core_steps.hpp"
#include "actors/work/step_host.hpp"

int main(int argc, char** argv) {
  artel::native_step_registry steps;
  artel::work::offer_core_steps(steps);
  artel::offer_analysis_steps(steps);
  artel::offer_training_steps(steps);
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    for (const auto& [name, step] : steps) std::cout << name << '\n';
    return 0;
  }
  if (argc != 7 || std::strcmp(argv[1], "--control") != 0 || std::strcmp(argv[3], "--slot") != 0 ||
      std::strcmp(argv[5], "--attempts") != 0) {
    std::cerr << "artel-step-host: worker nodes start this program; it is of no use by itself "
                 "(--list: the native steps it knows)\n";
    return 2;
  }
  return artel::work::serve_step_host(std::atoi(argv[2]), std::atoi(argv[4]), argv[6], steps);
}
