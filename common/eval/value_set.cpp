#include "common/eval/value_set.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "common/base/text.hpp"
#include "common/eval/text_hash.hpp"

namespace fanion::eval {

StringSet::StringSet(const std::vector<std::string_view>& strings, bool fold) : fold_(fold) {
    if (strings.empty()) return;
    std::size_t bytes = 0;
    for (const auto text : strings) bytes += text.size();
    bytes_.reserve(bytes);
    entries_.resize(std::bit_ceil(strings.size() + strings.size() / 2 + 1));
    for (const auto text : strings) insert(text);
    bytes_.shrink_to_fit();
}

void StringSet::insert(std::string_view text) {
    if (contains(text)) return;
    const auto hash = fold_ ? text_hash<true>(text) : text_hash<false>(text);
    const auto mask = entries_.size() - 1;
    auto at = hash & mask;
    while (entries_[at].length != vacant) at = (at + 1) & mask;
    entries_[at] = {hash, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(text.size())};
    bytes_ += fold_ ? to_lower_ascii(text) : std::string(text);
}

bool StringSet::holds(const Entry& entry, std::string_view text) const noexcept {
    if (entry.length != text.size()) return false;
    const char* bytes = bytes_.data() + entry.offset;
    if (fold_) return equals_folded(text.data(), bytes, text.size());
    return text.empty() || std::memcmp(text.data(), bytes, text.size()) == 0;
}

bool StringSet::contains(std::string_view text) const noexcept {
    if (entries_.empty()) return false;
    const auto hash = fold_ ? text_hash<true>(text) : text_hash<false>(text);
    const auto mask = entries_.size() - 1;
    for (auto at = hash & mask; entries_[at].length != vacant; at = (at + 1) & mask)
        if (entries_[at].hash == hash && holds(entries_[at], text)) return true;
    return false;
}

namespace {

bool is_less(const Number& a, const Number& b) noexcept { return compare(a, b) < 0; }

}  // namespace

ValueSet::ValueSet(const std::vector<model::Literal>& literals, bool fold) {
    std::vector<std::string_view> strings;
    for (const auto& literal : literals) {
        switch (literal.kind) {
            case model::Literal::Kind::string:
                strings.push_back(literal.text);
                break;
            case model::Literal::Kind::boolean:
                (literal.text == "true" ? true_ : false_) = true;
                break;
            case model::Literal::Kind::number:
                if (const auto number = parse_number(literal.text)) numbers_.push_back(*number);
                break;
        }
    }
    strings_ = StringSet(strings, fold);
    std::sort(numbers_.begin(), numbers_.end(), is_less);
}

bool ValueSet::contains_number(std::string_view spelling) const noexcept {
    if (numbers_.empty()) return false;
    const auto number = parse_number(spelling);
    return number && std::binary_search(numbers_.begin(), numbers_.end(), *number, is_less);
}

}  // namespace fanion::eval
