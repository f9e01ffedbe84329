#include "common/eval/check/report.hpp"

namespace fanion::eval::checks {

std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::size_t length = text.size();
    if (length > longest) {
        length = longest;
        while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
    }
    std::string out = "`";
    for (const char c : text.substr(0, length)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    return out + (length < text.size() ? "..`" : "`");
}

}  // namespace fanion::eval::checks
