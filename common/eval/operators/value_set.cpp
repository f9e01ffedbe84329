#include "common/eval/operators/value_set.hpp"

#include <algorithm>
#include <array>
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
        insert_all(strings);
    } else {
        entries_.reserve(strings.size());
        for (const auto text : strings)
            if (!contains(text)) entries_.push_back(append_text(bytes_, text, fold_));
    }
    bytes_.shrink_to_fit();
}

// A table of megabytes is not in the processor's cache: the places of the next texts are fetched while one is put in.
void StringSet::insert_all(const std::vector<std::string_view>& strings) {
    constexpr std::size_t ahead = 16;
    entries_.resize(std::bit_ceil(strings.size() + strings.size() / 2 + 1));
    shift_ = 64 - static_cast<unsigned>(std::countr_zero(entries_.size()));
    std::array<std::uint64_t, ahead> hashes{};
    for (std::size_t i = 0; i < strings.size() + ahead; ++i) {
        auto& hash = hashes[i % ahead];
        if (i >= ahead) insert_hashed(strings[i - ahead], hash);
        if (i >= strings.size()) continue;
        hash = hash_of(strings[i], json::head_of(strings[i]));
        __builtin_prefetch(&entries_[hash >> shift_], 1);
    }
}

void StringSet::insert_hashed(std::string_view text, std::uint64_t hash) {
    auto& place = entries_[place_of(text, hash)];
    if (place.length != ListedText::vacant) return;
    place = append_text(bytes_, text, fold_);
    place.word = hash;
}

std::uint64_t StringSet::hash_of(std::string_view text, std::uint64_t head) const noexcept {
    return fold_ ? text_hash<true>(text, head) : text_hash<false>(text, head);
}

// Of equal length.
bool StringSet::equals(const ListedText& entry, std::string_view text) const noexcept {
    const char* bytes = bytes_.data() + entry.offset;
    return fold_ ? equals_folded(text.data(), bytes, text.size()) : json::equal_text(text, {bytes, text.size()});
}

bool StringSet::contains(std::string_view text, std::uint64_t head) const noexcept {
    if (is_hashed_) return entries_[place_of(text, hash_of(text, head))].length != ListedText::vacant;
    const auto word = fold_ ? fold_word(head) : head;
    for (const auto& entry : entries_)
        if (entry.word == word && entry.length == text.size() && (text.size() <= 8 || equals(entry, text))) return true;
    return false;
}

std::size_t StringSet::place_of(std::string_view text, std::uint64_t hash) const noexcept {
    const auto mask = entries_.size() - 1;
    auto at = hash >> shift_;
    for (; entries_[at].length != ListedText::vacant; at = (at + 1) & mask)
        if (entries_[at].word == hash && entries_[at].length == text.size() && equals(entries_[at], text)) break;
    return at;
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
