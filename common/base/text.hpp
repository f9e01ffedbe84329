#pragma once

// Text helpers: UTF-8, JSON strings, numbers, times, percent-encoding. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanion {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// True when every byte belongs to a well-formed UTF-8 sequence (RFC 3629: no surrogates, no
// overlong forms).
bool is_valid_utf8(std::string_view bytes) noexcept;

// At most `bytes` of UTF-8 `text`, cut between characters; ".." follows what is cut.
std::string shortened(std::string_view text, std::size_t bytes);

// Appends `text` as a JSON string with its quotes, in the bytes of JavaScript's JSON.stringify:
// quote, backslash and control characters are escaped, as \b, \t, \n, \f or \r where there is such
// a form and as \u00xx otherwise; other bytes are kept as they are.
void append_json_string(std::string& out, std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text) noexcept;  // spaces, tabs, CR, LF
std::string to_lower_ascii(std::string_view text);
bool equals_ignore_case_ascii(std::string_view a, std::string_view b) noexcept;

// The whole of `text` as a decimal number; nullopt when it is anything else or out of range.
std::optional<std::uint64_t> parse_u64(std::string_view text) noexcept;
std::optional<std::int64_t> parse_i64(std::string_view text) noexcept;

// Keys of flags, segments, variations, projects: [A-Za-z0-9][A-Za-z0-9._-]{0,99}.
bool is_valid_key(std::string_view key) noexcept;

// An RFC 3339 date-time as milliseconds since 1970; nullopt when malformed. Fractions are truncated
// to milliseconds; a leap second is read as the second after it.
std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept;

// "2026-11-21T10:00:00.123Z"
std::string format_rfc3339(std::int64_t unix_millis);

// Percent-decoding of a URL's path segment or query value ('+' is a space only in queries); nullopt
// when an escape is malformed.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// Encodes everything but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace fanion
