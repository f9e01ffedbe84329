#pragma once

// Parses and reads one JSON object of a wire format, and the bounds of its numbers. Private to
// common/wire.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/json/reader.hpp"

namespace fanion::wire {

inline constexpr std::int64_t latest_time = 253'402'300'799'999;        // 9999-12-31, in Unix milliseconds
inline constexpr std::int64_t largest_integer = 9'007'199'254'740'991;  // 2^53 - 1: every JSON parser keeps it exact

// Parses `text` and returns the value of `read(Reader&)`. Errors: those of Document::parse(), and
// invalid_input if the text is not an object or if `read` recorded findings. The detail begins with
// `what`.
template <class Read>
auto read_json(std::string_view text, std::size_t max_bytes, std::string_view what, Read read)
    -> Result<decltype(read(std::declval<json::Reader&>()))> {
    json::ScanLimits scan;
    scan.bytes = max_bytes;
    scan.string_bytes = max_bytes;
    json::Document document;
    if (auto parsed = document.parse(text, scan); !parsed) {
        auto error = parsed.error();
        error.detail = std::string(what) + ": " + error.detail;
        return error;
    }
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    if (!reader.is_object()) return Error{Errc::invalid_input, std::string(what) + " must be a JSON object"};
    auto value = read(reader);
    if (findings.empty()) return value;
    return Error{Errc::invalid_input, std::string(what) + " is not valid", std::move(findings)};
}

}  // namespace fanion::wire
