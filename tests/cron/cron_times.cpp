// Reads lines "SECONDS|CRON EXPRESSION" and prints the next five planned times of each in UTC, in
// seconds since 1970, or "error". For the comparison with another implementation.
#include <iostream>
#include <string>

#include "actors/core/calendar.hpp"

int main() {
  using namespace artel::core;
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const auto bar = line.find('|');
    auto rule = cron_rule::parse(line.substr(bar + 1));
    if (!rule) {
      std::cout << "error\n";
      continue;
    }
    const calendar when(*std::move(rule), utc_period);
    auto next = when.next(std::stoll(line.substr(0, bar)) * 1'000);
    for (int i = 0; i < 5 && next; ++i, next = when.next(*next)) std::cout << *next / 1'000 << ' ';
    std::cout << '\n';
  }
}
