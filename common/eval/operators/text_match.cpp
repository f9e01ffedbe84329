#include "common/eval/operators/text_match.hpp"

#include <algorithm>
#include <cstring>

#include "common/eval/operators/fold.hpp"
#include "common/json/limits.hpp"

namespace fanion::eval {
namespace {

// glibc's memmem is linear (two-way string matching). std::string_view::find is quadratic at worst, and the text is
// untrusted.
bool find_bytes(const char* text, std::size_t length, std::string_view needle) noexcept {
    return memmem(text, length, needle.data(), needle.size()) != nullptr;
}

// Folds block by block into a buffer on the stack. Blocks overlap by the needle's length less one, so that no match is
// missed.
bool find_folded(std::string_view text, std::string_view needle) noexcept {
    char block[2 * limits::string_bytes];
    if (needle.size() > sizeof block / 2) return false;  // not reached: strings of rulesets have at most string_bytes
    const auto step = sizeof block - needle.size() + 1;
    for (std::size_t from = 0; from + needle.size() <= text.size(); from += step) {
        const auto piece = text.substr(from, sizeof block);
        std::transform(piece.begin(), piece.end(), block, fold_char);
        if (find_bytes(block, piece.size(), needle)) return true;
    }
    return false;
}

}  // namespace

bool text_contains(std::string_view text, std::string_view needle, bool fold) noexcept {
    if (needle.size() > text.size()) return false;
    if (needle.empty()) return true;
    return fold ? find_folded(text, needle) : find_bytes(text.data(), text.size(), needle);
}

}  // namespace fanion::eval
