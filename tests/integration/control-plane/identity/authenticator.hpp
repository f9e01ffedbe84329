#pragma once

// An authenticator program: makes the codes of a secret.

#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "control-plane/identity/totp.hpp"

namespace fanion::test {

// `text`: base32 without padding.
inline std::string from_base32(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string bytes;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const auto c : text) {
        held = (held << 5U | static_cast<std::uint32_t>(alphabet.find(c))) & 0xFFFFU;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 0xFFU);
    }
    return bytes;
}

// The code of the next step, as one that was used is not taken again.
inline std::string next_code(ManualClock& clock, std::string_view secret) {
    clock.advance(30'000);
    return cp::identity::totp_code(secret, cp::identity::totp_step(clock.now()));
}

}  // namespace fanion::test
