#include "common/eval/compile/key_index.hpp"

#include <bit>

namespace fanion::eval {

KeyIndex::KeyIndex(std::size_t keys) {
    const auto places = std::bit_ceil(2 * keys + 2);
    entries_.resize(places + keys + 1);
    shift_ = 64 - static_cast<unsigned>(std::countr_zero(places));
}

void KeyIndex::insert(std::string_view key, std::uint32_t number) {
    const auto head = json::head_of(key);
    auto at = text_hash<false>(key, head) >> shift_;
    while (entries_[at].number != npos) ++at;
    entries_[at] = {head, key.data(), static_cast<std::uint32_t>(key.size()), number};
}

void KeyIndex::seal() {
    const auto places = std::size_t{1} << (64 - shift_);
    auto end = entries_.size();
    while (end > places && entries_[end - 1].number == npos) --end;
    entries_.resize(end + 1);
    entries_.shrink_to_fit();
}

}  // namespace fanion::eval
