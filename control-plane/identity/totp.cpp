#include "control-plane/identity/totp.hpp"

#include <algorithm>
#include <array>

#include "common/base/hmac_sha1.hpp"
#include "common/base/text.hpp"

namespace fanion::cp::identity {
namespace {

constexpr std::size_t secret_bytes = 20;
constexpr std::size_t code_digits = 6;
constexpr std::size_t recovery_code_count = 10;
constexpr std::size_t recovery_code_bytes = 10;

std::string big_endian(std::int64_t number) {
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[7 - i] = static_cast<char>(number >> (8 * i));
    return bytes;
}

std::string new_recovery_code() {
    const auto letters = to_lower_ascii(to_base32(random_bytes(recovery_code_bytes)));
    std::string code;
    for (std::size_t i = 0; i < letters.size(); i += 4) code += (i > 0 ? "-" : "") + letters.substr(i, 4);
    return code;
}

}  // namespace

std::string new_totp_secret() { return random_bytes(secret_bytes); }

// RFC 4226 section 5.3.
std::string totp_code(std::string_view secret, std::int64_t step) {
    const auto hash = hmac_sha1(secret, big_endian(step));
    const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<std::uint8_t>(hash[i])}; };
    const auto at = byte(19) & 0xFU;
    const auto number = (byte(at) & 0x7FU) << 24U | byte(at + 1) << 16U | byte(at + 2) << 8U | byte(at + 3);
    auto digits = std::to_string(number % 1'000'000);
    return std::string(code_digits - digits.size(), '0') + digits;
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, UnixMillis now,
                                          std::int64_t last_step) {
    const auto present = totp_step(now);
    for (const auto step : {present, present - 1, present + 1}) {
        if (step > last_step && constant_time_equal(totp_code(secret, step), code)) return step;
    }
    return std::nullopt;
}

std::string to_base32(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const auto c : bytes) {
        held = (held << 8U | static_cast<std::uint8_t>(c)) & 0xFFFFU;
        for (bits += 8; bits >= 5; bits -= 5) out += alphabet[held >> (bits - 5) & 0x1FU];
    }
    if (bits > 0) out += alphabet[held << (5 - bits) & 0x1FU];
    return out;
}

std::string totp_uri(std::string_view secret, std::string_view account) {
    return "otpauth://totp/Fanion:" + percent_encode(account) + "?secret=" + to_base32(secret) + "&issuer=Fanion";
}

std::vector<std::string> new_recovery_codes() {
    std::vector<std::string> codes(recovery_code_count);
    std::ranges::generate(codes, new_recovery_code);
    return codes;
}

Sha256 recovery_code_hash(std::string_view code) {
    auto plain = to_lower_ascii(code);
    std::erase_if(plain, [](char c) { return c == '-' || c == ' '; });
    return sha256(plain);
}

std::string factor_context(const access::UserId& user_id) { return "second_factor/" + user_id.str(); }

bool is_totp_form(std::string_view code) noexcept {
    return code.size() == code_digits && std::ranges::all_of(code, is_digit);
}

}  // namespace fanion::cp::identity
