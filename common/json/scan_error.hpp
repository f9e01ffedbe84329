#pragma once

// The errors of prescan() and check_limits(), shared so that both report the same. Private to
// common/json. `offset` is in bytes from the start of the JSON text.

#include <string>

#include "common/json/document.hpp"

namespace fanion::json {

inline Error scan_error(std::string code, std::size_t offset, const std::string& reason) {
    std::string detail = "byte " + std::to_string(offset) + ": " + reason;
    return Error{Errc::invalid_input, detail, {Finding{"", "", std::move(code), detail}}};
}

inline Error too_large(const ScanLimits& limits) {
    auto error = scan_error("size", limits.bytes, "the text is longer than " + std::to_string(limits.bytes) + " bytes");
    error.code = Errc::too_large;
    return error;
}

inline Error too_deep(std::size_t offset, const ScanLimits& limits) {
    return scan_error("depth", offset, "nesting is deeper than " + std::to_string(limits.depth));
}

inline Error number_too_long(std::size_t offset, const ScanLimits& limits) {
    return scan_error("number_length", offset,
                      "a number is longer than " + std::to_string(limits.number_length) + " characters");
}

inline Error string_too_long(std::size_t offset, const ScanLimits& limits) {
    return scan_error("string_length", offset,
                      "a string is longer than " + std::to_string(limits.string_bytes) + " bytes");
}

}  // namespace fanion::json
