// artel-step-host: the process in which steps execute. Started by worker nodes only; a crash in
// here harms nobody else.
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "actors/work/core_steps.hpp"
#include "actors/work/step_host.hpp"
#ifdef ARTEL_WITH_ANALYSIS
#include "actors/analysis/steps.hpp"
#endif

int main(int argc, char** argv) {
  artel::native_step_registry steps;
  artel::work::offer_core_steps(steps);
#ifdef ARTEL_WITH_ANALYSIS
  artel::offer_analysis_steps(steps);
#endif
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
