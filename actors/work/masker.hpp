// Secrets in what steps say are replaced by stars.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace artel::work {

/// Replaces secrets by *** in a stream, also where they lie across two pieces of it.
class masker {
public:
  /// Of a secret with several lines each is masked by itself, too, and as JSON would write it.
  void add(const std::string& secret);
  bool empty() const { return patterns_.empty(); }

  /// What may be told so far; the rest is kept until it is known what it is.
  std::string pass(std::string_view data);
  std::string finish();
  /// A whole text.
  std::string mask(std::string_view text) const;

private:
  std::size_t found_at(std::string_view text, std::size_t at, bool all_there) const;
  std::string mask_some(std::string_view text, bool all_there, std::size_t& done) const;

  std::vector<std::string> patterns_;
  std::string held_;
};

}  // namespace artel::work
