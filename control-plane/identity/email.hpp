#pragma once

// E-mail addresses of people, and when two of them name the same account. Pure.

#include <string>
#include <string_view>

namespace fanion::cp::identity {

// One @ with text on both sides, all printable, at most 254 bytes of UTF-8. Not whether mail would
// arrive.
bool is_email(std::string_view text) noexcept;

// What accounts, invitations and failed sign-ins are found by: the address with its ASCII letters
// in lower case. Every comparison of addresses compares keys, and nothing else changes case: the
// lower case of other letters depends on the locale, and some of it is ASCII (U+212A, U+0130), so
// that one account would have several spellings.
std::string email_key(std::string_view email);

}  // namespace fanion::cp::identity
