#include "control-plane/db/statement.hpp"

#include <array>
#include <charconv>

#include "common/base/text.hpp"
#include "control-plane/db/error.hpp"

namespace fanion::cp::db {

void Params::add(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw PgError(PgError::Kind::refused, "a text parameter contains a NUL character", "22021");
    }
    push(std::string(text));
}

namespace {

std::string spell(double number) {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    return std::string(buffer.data(), end);
}

}  // namespace

void Params::add(double number) { push(spell(number)); }

void Params::add(Time time) { push(format_rfc3339(time.value)); }

void Params::add(const std::vector<std::string>& texts) { add(std::string_view(format_text_array(texts))); }

void Params::add(const std::vector<std::int64_t>& numbers) {
    std::string text = "{";
    for (const auto number : numbers) {
        if (text.size() > 1) text += ',';
        text += std::to_string(number);
    }
    push(text + "}");
}

void Params::add(const std::vector<double>& numbers) {
    std::string text = "{";
    for (const auto number : numbers) {
        if (text.size() > 1) text += ',';
        text += spell(number);
    }
    push(text + "}");
}

std::string format_text_array(const std::vector<std::string>& texts) {
    std::string out = "{";
    for (const auto& text : texts) {
        if (out.size() > 1) out += ',';
        out += '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    out += '}';
    return out;
}

namespace {

// Reads the element at `at` and stops at the ',' or '}' after it. False when it is malformed or an unquoted NULL.
bool read_element(std::string_view text, std::size_t& at, std::string& out) {
    const bool quoted = at < text.size() && text[at] == '"';
    if (quoted) ++at;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted ? c == '"' : (c == ',' || c == '}')) break;
        if (!quoted && (c == '{' || c == '"')) return false;
        if (c == '\\' && ++at == text.size()) return false;
        out += text[at];
    }
    if (at == text.size()) return false;
    if (quoted) ++at;
    return quoted || (!out.empty() && out != "NULL");
}

}  // namespace

std::optional<std::vector<std::string>> parse_text_array(std::string_view text) {
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
    std::vector<std::string> out;
    if (text.size() == 2) return out;
    for (std::size_t at = 1;;) {
        std::string element;
        if (!read_element(text, at, element) || at >= text.size()) return std::nullopt;
        out.push_back(std::move(element));
        const char separator = text[at++];
        if (separator == '}') return at == text.size() ? std::optional(std::move(out)) : std::nullopt;
        if (separator != ',') return std::nullopt;
    }
}

std::optional<UnixMillis> parse_timestamp(std::string_view text) {
    if (text.size() < 22 || text[10] != ' ' || !text.ends_with("+00")) return std::nullopt;
    std::string rfc3339(text.substr(0, text.size() - 3));
    rfc3339[10] = 'T';
    return parse_rfc3339(rfc3339 + "Z");
}

}  // namespace fanion::cp::db
