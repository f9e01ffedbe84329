// The pre-scan: one pass over the bytes that bounds the input of the recursive parser. It does not check the grammar.

#include <array>
#include <bit>
#include <cstring>

#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "common/json/scan_error.hpp"

namespace fanion::json {
namespace {

enum class Class : std::uint8_t { other, quote, open, close, number };

constexpr std::array<Class, 256> make_classes() {
    std::array<Class, 256> classes{};
    classes['"'] = Class::quote;
    classes['{'] = classes['['] = Class::open;
    classes['}'] = classes[']'] = Class::close;
    for (unsigned char c = '0'; c <= '9'; ++c) classes[c] = Class::number;
    for (const unsigned char c : {'-', '+', '.', 'e', 'E'}) classes[c] = Class::number;
    return classes;
}
constexpr auto classes = make_classes();

Class class_of(char c) { return classes[static_cast<unsigned char>(c)]; }

// Sets the high bit of each byte of `word` that equals `c`. Only the lowest bit set is reliable.
constexpr std::uint64_t bytes_equal(std::uint64_t word, char c) {
    const std::uint64_t ones = 0x0101010101010101u;
    const std::uint64_t x = word ^ (ones * static_cast<unsigned char>(c));
    return (x - ones) & ~x & (ones << 7);
}

// First quote or backslash at or after `p`, or `end`.
const char* find_special(const char* p, const char* end) {
    if constexpr (std::endian::native == std::endian::little) {
        for (; end - p >= 8; p += 8) {
            std::uint64_t word;
            std::memcpy(&word, p, 8);
            const auto hits = bytes_equal(word, '"') | bytes_equal(word, '\\');
            if (hits != 0) return p + std::countr_zero(hits) / 8;
        }
    }
    while (p < end && *p != '"' && *p != '\\') ++p;
    return p;
}

// The value of four hexadecimal digits; nullopt if malformed, which the parser reports.
std::optional<unsigned> hex4(const char* p, const char* end) {
    if (end - p < 4) return std::nullopt;
    unsigned value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = p[i];
        const char low = static_cast<char>(c | 0x20);
        if (c >= '0' && c <= '9')
            value = value * 16 + static_cast<unsigned>(c - '0');
        else if (low >= 'a' && low <= 'f')
            value = value * 16 + static_cast<unsigned>(low - 'a' + 10);
        else
            return std::nullopt;
    }
    return value;
}

// The offset of the first byte that is not part of a well-formed sequence.
std::size_t first_bad_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t length = 1;
        while (length <= 4 && !is_valid_utf8(text.substr(at, length))) ++length;
        if (length > 4) break;
        at += length;
    }
    return at;
}

class Scan {
public:
    Scan(std::string_view text, const ScanLimits& limits)
        : begin_(text.data()), end_(begin_ + text.size()), limits_(limits) {}

    Result<> run() {
        std::size_t depth = 0;
        for (const char* p = begin_; p < end_;) {
            switch (class_of(*p)) {
                case Class::other:
                    ++p;
                    break;
                case Class::open:
                    if (++depth > limits_.depth) return too_deep(offset(p), limits_);
                    ++p;
                    break;
                case Class::close:
                    depth -= depth > 0 ? 1 : 0;
                    ++p;
                    break;
                case Class::number: {
                    const char* start = p;
                    while (p < end_ && class_of(*p) == Class::number) ++p;
                    if (static_cast<std::size_t>(p - start) > limits_.number_length)
                        return number_too_long(offset(start), limits_);
                    break;
                }
                case Class::quote:
                    if (auto done = string(p); !done) return done;
                    break;
            }
        }
        return {};
    }

private:
    // Advances `p` from the opening quote to just past the closing one. Checks the decoded length.
    Result<> string(const char*& p) {
        const char* opening = p++;
        std::size_t saved = 0;  // by how much the escapes are longer than the bytes they decode to
        for (;;) {
            p = find_special(p, end_);
            if (p == end_ || *p == '"') break;
            if (end_ - p < 2) {
                p = end_;
                break;
            }
            if (p[1] != 'u') {
                saved += 1;
                p += 2;
            } else if (auto done = unicode_escape(p, saved); !done) {
                return done;
            }
        }
        const auto length = static_cast<std::size_t>(p - opening) - 1 - saved;
        if (length > limits_.string_bytes) return string_too_long(offset(opening), limits_);
        if (p < end_) ++p;
        return {};
    }

    Result<> unicode_escape(const char*& p, std::size_t& saved) {
        const auto unit = hex4(p + 2, end_);
        if (!unit) {  // malformed: the parser will refuse it
            p += 2;
            return {};
        }
        if (*unit < 0xD800 || *unit > 0xDFFF) {
            saved += *unit < 0x80 ? 5 : *unit < 0x800 ? 4 : 3;
            p += 6;
            return {};
        }
        const bool has_next = *unit < 0xDC00 && end_ - p >= 12 && p[6] == '\\' && p[7] == 'u';
        const auto next = has_next ? hex4(p + 8, end_) : std::nullopt;
        if (!next || *next < 0xDC00 || *next > 0xDFFF)
            return scan_error("utf8", offset(p), "a surrogate is not part of a pair");
        saved += 8;
        p += 12;
        return {};
    }

    std::size_t offset(const char* p) const { return static_cast<std::size_t>(p - begin_); }

    const char* begin_;
    const char* end_;
    const ScanLimits& limits_;
};

}  // namespace

Result<> prescan(std::string_view text, const ScanLimits& limits) {
    if (text.size() > limits.bytes) return too_large(limits);
    if (!is_valid_utf8(text)) return scan_error("utf8", first_bad_utf8(text), "the text is not valid UTF-8");
    return Scan(text, limits).run();
}

}  // namespace fanion::json
