#pragma once

// What the commands that make keys and tokens share.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/cli/terminal.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "common/net/http_client.hpp"

namespace fanion::cli {

inline constexpr const char* expires_help = "a time as 2027-03-01T00:00:00Z, or never";

// Writes the member expires_at: `expires` is a time, "never", or empty for the server's default.
void write_expiry(json::Writer& w, const std::string& expires);

// The body of a rotation. `overlap_seconds` below 0: the server's default.
std::string rotation_of(std::int64_t overlap_seconds, const std::string& expires);

// When what a list's `item` describes ends: "revoked", "never" or a time.
std::string end_of(json::Reader& item);
// When it was last used: "never" or a time.
std::string last_use_of(json::Reader& item);

// Prints the secret that a response has in `member`, as standard output's only text, so that a pipe
// can take it; the whole response with --json.
Exit print_new_secret(const Result<net::ClientResponse>& response, std::string_view member, const Terminal& terminal);

}  // namespace fanion::cli
