#pragma once

// JSON that leaves this program and comes back: sealed, in base64url. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/crypto.hpp"
#include "common/base/sealing.hpp"
#include "common/json/document.hpp"
#include "common/json/reader.hpp"

namespace fanion::cp::sign_on {

inline constexpr std::size_t sealed_bytes = 4096;  // browsers keep no more in a cookie

// Error: unavailable, nothing can be sealed.
inline Result<std::string> seal_json(const SealingKeys& keys, std::string_view text, std::string_view context) {
    auto sealed = keys.seal(text, context);
    if (!sealed) return sealed.error();
    return to_base64url(*sealed);
}

// What `read`, called with a json::Reader, makes of it. nullopt: it was not sealed here for this.
template <class Read>
auto open_json(const SealingKeys& keys, std::string_view text, std::string_view context, const Read& read)
    -> std::optional<decltype(read(std::declval<json::Reader&>()))> {
    if (text.size() > sealed_bytes) return std::nullopt;
    const auto sealed = from_base64url(text);
    if (!sealed) return std::nullopt;
    const auto opened = keys.open(*sealed, context);
    json::Document document;
    if (!opened || !document.parse(*opened)) return std::nullopt;
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    auto value = read(r);
    if (!findings.empty()) return std::nullopt;
    return value;
}

}  // namespace fanion::cp::sign_on
