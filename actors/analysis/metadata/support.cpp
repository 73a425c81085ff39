#include "actors/analysis/metadata/support.hpp"

#include <algorithm>
#include <charconv>

#include "actors/analysis/text/files.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t uuid_size = 36;

/// Walks the values between the commas.
class value_reader {
public:
  explicit value_reader(std::string_view text) : rest_(text) {}
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

  std::string_view plain() {
    const auto end = std::min(rest_.find(','), rest_.size());
    const auto value = trimmed(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    good_ = good_ && !value.empty();
    return value;
  }

  std::uint64_t number() {
    const auto text = plain();
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    good_ = good_ && problem == std::errc{} && end == text.data() + text.size();
    return value;
  }

  // "Firm ""X""": a doubled quote is one.
  std::string quoted() {
    rest_ = trimmed(rest_);
    good_ = good_ && rest_.starts_with('"');
    std::string made;
    for (std::size_t at = 1; good_ && at < rest_.size(); ++at) {
      if (rest_[at] != '"') {
        made += rest_[at];
      } else if (at + 1 < rest_.size() && rest_[at + 1] == '"') {
        made += rest_[at++];
      } else {
        rest_.remove_prefix(std::min(at + 1, rest_.size()));
        if (rest_.starts_with(',')) rest_.remove_prefix(1);
        return made;
      }
    }
    good_ = false;
    return made;
  }

  /// True when the next value looks like a uuid.
  bool uuid_next() const {
    const auto value = trimmed(rest_.substr(0, std::min(rest_.find(','), rest_.size())));
    return value.size() == uuid_size && value[8] == '-';
  }

private:
  std::string_view rest_;
  bool good_ = true;
};

void read_block(value_reader& in, support_state& to) {
  in.plain();
  in.plain();
  in.plain();
  vendor_configuration vendor;
  vendor.version = in.quoted();
  vendor.vendor = in.quoted();
  vendor.name = in.quoted();
  const auto count = in.number();
  for (std::uint64_t i = 0; i < count && in.good() && !in.at_end(); ++i) {
    const auto rule = static_cast<std::uint8_t>(std::min<std::uint64_t>(in.number(), 2));
    in.number();
    const auto [at, fresh] = to.rules.emplace(std::string(in.plain()), rule);
    if (!fresh) at->second = std::min(at->second, rule);
    if (in.uuid_next()) in.plain();  // of the vendor; the root of a block may have none
  }
  to.vendors.push_back(std::move(vendor));
}

}  // namespace

std::string support_state::of(const std::string& uuid) const {
  const auto found = rules.find(uuid);
  if (found == rules.end()) return {};
  if (locked_as_a_whole || found->second == 0) return "locked";
  return found->second == 1 ? "editable" : "removed";
}

outcome<support_state> parse_support(std::string_view text) {
  support_state made;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = trimmed(text);
  const auto wrong = [](const char* what) {
    return trouble{trouble_code::corrupt,
                   std::string("the state of the vendor's support can not be read: ") + what +
                       "; objects are shown without it"};
  };
  if (!text.starts_with('{') || !text.ends_with('}')) return wrong("it is not one list in braces");
  value_reader in(text.substr(1, text.size() - 2));
  if (in.number() != 6 || !in.good()) return wrong("another format than 6");
  made.locked_as_a_whole = in.number() == 1;
  const auto vendors = in.number();
  for (std::uint64_t i = 0; i < vendors && in.good(); ++i) {
    if (i > 0) in.number(), in.number();
    read_block(in, made);
  }
  if (!in.good()) return wrong("it ends or breaks off inside of a vendor's list");
  return made;
}

outcome<support_state> read_support(const configuration_place& place) {
  const auto folder = place.written_as == layout::designer ? "Ext" : "Configuration";
  const auto text = read_file(place.root / folder / "ParentConfigurations.bin", support_bytes_max);
  if (!text && text.error().code == trouble_code::not_found) return support_state{};
  if (!text) return text.error();
  return parse_support(*text);
}

}  // namespace artel::analysis
