#include "common/eval/operators/value_set.hpp"

#include <algorithm>
#include <bit>

#include "common/base/text.hpp"
#include "common/eval/compile/text_hash.hpp"

namespace fanion::eval {

ListedText append_text(std::string& bytes, std::string_view text, bool fold) {
    ListedText entry;
    entry.offset = static_cast<std::uint32_t>(bytes.size());
    entry.length = static_cast<std::uint32_t>(text.size());
    bytes += fold ? to_lower_ascii(text) : std::string(text);
    entry.word = json::head_of(entry.in(bytes.data()));
    return entry;
}

StringSet::StringSet(const std::vector<std::string_view>& strings, bool fold)
    : fold_(fold), is_hashed_(strings.size() > few) {
    std::size_t bytes = 0;
    for (const auto text : strings) bytes += text.size();
    bytes_.reserve(bytes);
    if (is_hashed_) {
        entries_.resize(std::bit_ceil(strings.size() + strings.size() / 2 + 1));
        shift_ = 64 - static_cast<unsigned>(std::countr_zero(entries_.size()));
    } else {
        entries_.reserve(strings.size());
    }
    for (const auto text : strings) insert(text);
    bytes_.shrink_to_fit();
}

void StringSet::insert(std::string_view text) {
    if (contains(text)) return;
    auto entry = append_text(bytes_, text, fold_);
    if (!is_hashed_) return entries_.push_back(entry);
    entry.word = text_hash<false>(entry.in(bytes_.data()), entry.word);
    const auto mask = entries_.size() - 1;
    auto at = entry.word >> shift_;
    while (entries_[at].length != ListedText::vacant) at = (at + 1) & mask;
    entries_[at] = entry;
}

// Of equal length.
bool StringSet::equals(const ListedText& entry, std::string_view text) const noexcept {
    const char* bytes = bytes_.data() + entry.offset;
    return fold_ ? equals_folded(text.data(), bytes, text.size()) : json::equal_text(text, {bytes, text.size()});
}

bool StringSet::contains(std::string_view text, std::uint64_t head) const noexcept {
    if (is_hashed_) return contains_hashed(text, fold_ ? text_hash<true>(text, head) : text_hash<false>(text, head));
    const auto word = fold_ ? fold_word(head) : head;
    for (const auto& entry : entries_)
        if (entry.word == word && entry.length == text.size() && (text.size() <= 8 || equals(entry, text))) return true;
    return false;
}

bool StringSet::contains_hashed(std::string_view text, std::uint64_t hash) const noexcept {
    const auto mask = entries_.size() - 1;
    for (auto at = hash >> shift_; entries_[at].length != ListedText::vacant; at = (at + 1) & mask)
        if (entries_[at].word == hash && entries_[at].length == text.size() && equals(entries_[at], text)) return true;
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
