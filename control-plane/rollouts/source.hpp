#pragma once

// A Prometheus that guards may ask: its URL and, sealed, the token that it wants. Plain values and
// their JSON; pure.

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::rollouts {

inline constexpr std::size_t most_sources = 20;  // of an organisation

struct Source {
    std::string key;
    std::string url;  // below which is /api/v1/query
    bool has_token = false;
    std::string created_by;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::uint64_t version = 1;
};

// What a request says of one.
struct SourceRequest {
    std::string url;
    // nullopt: the token stays as it is; empty: there is none.
    std::optional<std::string> token;
};

// The body of PUT. Errors: invalid_input with findings.
Result<SourceRequest> read_source(json::Value body);

// Never with the token.
void write_source(json::Writer& w, const Source& source);
std::string source_text(const Source& source);

// What the token of an organisation's source is sealed for (base/sealing.hpp).
std::string token_context(const std::string& org_id, const std::string& key);

}  // namespace fanion::cp::rollouts
