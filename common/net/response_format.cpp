#include "common/net/response_format.hpp"

#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ctime>

#include "common/base/text.hpp"

namespace fanion::net {
namespace {

void append_number(std::string& out, std::size_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

bool may_have_body(unsigned status) noexcept { return status >= 200 && status != 204 && status != 304; }

void append_status_line(std::string& out, unsigned status) {
    if (status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
        return;
    }
    out += "HTTP/1.1 ";
    append_number(out, status);
    out += ' ';
    out += reason_phrase(status);
    out += "\r\n";
}

// Control characters are dropped: a line break in a value would let its author inject headers.
void append_value(std::string& out, std::string_view value) {
    for (const char c : value) {
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') out += c;
    }
}

bool append_own_headers(std::string& out, const Response& response) {
    bool has_cache_control = false;
    for (const auto& [name, value] : response.headers) {
        out += name;
        out += ": ";
        append_value(out, value);
        out += "\r\n";
        has_cache_control |= name.size() == 13 && equals_ignore_case_ascii(name, "Cache-Control");
    }
    return has_cache_control;
}

}  // namespace

void append_head(std::string& out, const Response& response, const HeadOptions& options) {
    append_status_line(out, response.status);
    if (!options.date.empty()) {
        out += "Date: ";
        out += options.date;
        out += "\r\n";
    }
    if (!response.content_type.empty()) {
        out += "Content-Type: ";
        out += response.content_type;
        out += "\r\n";
    }
    if (options.has_length && may_have_body(response.status)) {
        out += "Content-Length: ";
        append_number(out, response.body_size());
        out += "\r\n";
    }
    const bool has_cache_control = append_own_headers(out, response);
    if (!options.keep_alive) {
        out += "Connection: close\r\n";
    } else if (options.http10) {
        out += "Connection: keep-alive\r\n";
    }
    out += has_cache_control ? "X-Content-Type-Options: nosniff\r\n\r\n"
                             : "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n";
}

std::string format_http_date(std::int64_t unix_seconds) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t time = unix_seconds;
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    const auto two = [](int number) { return std::string{char('0' + number / 10 % 10), char('0' + number % 10)}; };
    return std::string(days[parts.tm_wday]) + ", " + two(parts.tm_mday) + ' ' + months[parts.tm_mon] + ' ' +
           std::to_string(parts.tm_year + 1900) + ' ' + two(parts.tm_hour) + ':' + two(parts.tm_min) + ':' +
           two(parts.tm_sec) + " GMT";
}

std::string_view reason_phrase(unsigned status) noexcept {
    // RFC 9110 renamed these two after Beast's table was written.
    if (status == 413) return "Content Too Large";
    if (status == 422) return "Unprocessable Content";
    const auto known = boost::beast::http::int_to_status(status);
    if (known == boost::beast::http::status::unknown) return "Unknown";
    const auto phrase = boost::beast::http::obsolete_reason(known);
    return {phrase.data(), phrase.size()};
}

}  // namespace fanion::net
