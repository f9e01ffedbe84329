#include "control-plane/identity/password_rules.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "common/base/text.hpp"

namespace fanion::cp::identity {
namespace {

// The most frequent passwords of at least twelve characters in published lists of leaked ones, in lower case.
constexpr std::array<std::string_view, 36> common_passwords{
    "000000000000",   "0123456789ab",     "0987654321ab",   "111111111111",     "123123123123",
    "123456123456",   "1234567890123",    "12345678901234", "123456789abc",     "123456789012",
    "1q2w3e4r5t6y",   "1qaz2wsx3edc",     "abcdefghijkl",   "abcdefghijklm",    "adminadmin123",
    "administrator",  "administrator1",   "changeme1234",   "changemechangeme", "correcthorsebatterystaple",
    "iloveyou1234",   "letmein12345",     "letmeinletmein", "password1234",     "password12345",
    "password123456", "passwordpassword", "passw0rd1234",   "qazwsxedcrfv",     "qwerty123456",
    "qwertyqwerty",   "qwertyuiop12",     "qwertyuiop123",  "qwertyuiopasdf",   "welcome12345",
    "zxcvbnmasdfg"};

bool is_one_character(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); });
}

std::size_t count_characters(std::string_view text) {  // code points of valid UTF-8
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Error refused(std::string code, std::string detail) {
    return {
        Errc::invalid_input, "the password cannot be used", {{"", "/password", std::move(code), std::move(detail)}}};
}

}  // namespace

Result<> check_password(std::string_view password) {
    if (!is_valid_utf8(password)) return refused("not_utf8", "a password must be UTF-8 text");
    if (count_characters(password) < password_min)
        return refused("too_short", "a password must have at least 12 characters");
    if (password.size() > password_max) return refused("too_long", "a password must have at most 256 bytes");
    const auto lower = to_lower_ascii(password);
    const bool listed = std::find(common_passwords.begin(), common_passwords.end(), lower) != common_passwords.end();
    if (listed || is_one_character(lower))
        return refused("common_password", "this password is among the most common ones: choose another");
    return boost::system::in_place_value;
}

}  // namespace fanion::cp::identity
