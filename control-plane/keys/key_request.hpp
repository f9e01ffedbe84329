#pragma once

// The body of a request for a new key, read and validated. Pure.

#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/model/flag.hpp"

namespace fanion::cp::keys {

inline constexpr UnixMillis key_lifetime = 365LL * 24 * 60 * 60 * 1000;  // unless the request says otherwise

struct KeyRequest {
    model::AccessEntry::Kind kind = model::AccessEntry::Kind::server;
    std::string name;
    std::vector<std::string> origins;  // client keys: "*" or scheme://host[:port]
    bool ofrep_minimal = false;
    bool rules = false;  // client keys
    std::optional<UnixMillis> not_before;
    std::optional<UnixMillis> expires_at;  // none: never, which must be asked for with null
};

// Keys of a project or an organisation are relay keys. Errors: invalid_input with findings.
Result<KeyRequest> read_key_request(json::Value body, bool is_of_environment, UnixMillis now);

// What works, and perhaps not as meant: a client key without origins is refused by every browser.
std::vector<Finding> warnings_about(const KeyRequest& request);

// "srv", "cli", "rly": the kind inside the key's text.
std::string_view key_prefix(model::AccessEntry::Kind kind) noexcept;

}  // namespace fanion::cp::keys
