#include "control-plane/identity/email.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::cp::identity {

bool is_email(std::string_view text) noexcept {
    const auto at = text.find('@');
    const bool has_sides =
        at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos;
    const bool is_printable = std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7F;
    });
    return has_sides && is_printable && text.size() <= 254 && is_valid_utf8(text);
}

std::string email_key(std::string_view email) { return to_lower_ascii(email); }

}  // namespace fanion::cp::identity
