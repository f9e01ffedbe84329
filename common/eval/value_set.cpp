#include "common/eval/value_set.hpp"

#include <algorithm>
#include <bit>

#include "common/base/text.hpp"
#include "common/eval/text_hash.hpp"

namespace fanion::eval {

StringSet::StringSet(const std::vector<std::string_view>& strings, bool fold) : fold_(fold) {
    std::size_t bytes = 0;
    for (const auto text : strings) bytes += text.size();
    bytes_.reserve(bytes);
    if (strings.size() > few) entries_.resize(std::bit_ceil(strings.size() + strings.size() / 2 + 1));
    for (const auto text : strings) insert(text);
    bytes_.shrink_to_fit();
}

void StringSet::insert(std::string_view text) {
    if (contains(text)) return;
    const auto stored = fold_ ? to_lower_ascii(text) : std::string(text);
    const auto offset = static_cast<std::uint32_t>(bytes_.size());
    const auto length = static_cast<std::uint32_t>(text.size());
    bytes_ += stored;
    if (entries_.empty()) return few_.push_back({json::head_of(stored), offset, length});
    const auto hash = text_hash<false>(stored);
    const auto mask = entries_.size() - 1;
    auto at = hash & mask;
    while (entries_[at].length != vacant) at = (at + 1) & mask;
    entries_[at] = {hash, offset, length};
}

bool StringSet::equals(std::uint32_t offset, std::string_view text) const noexcept {
    const char* bytes = bytes_.data() + offset;
    return fold_ ? equals_folded(text.data(), bytes, text.size()) : json::equal_text(text, {bytes, text.size()});
}

bool StringSet::contains_hashed(std::string_view text) const noexcept {
    const auto hash = fold_ ? text_hash<true>(text) : text_hash<false>(text);
    const auto mask = entries_.size() - 1;
    for (auto at = hash & mask; entries_[at].length != vacant; at = (at + 1) & mask)
        if (entries_[at].hash == hash && entries_[at].length == text.size() && equals(entries_[at].offset, text))
            return true;
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
