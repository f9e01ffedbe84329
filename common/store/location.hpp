#pragma once

// Where signed documents may be kept outside of a relay's own disk, as options and commands name
// it. Plain value, pure.
//
//     /path, ./path                                  a bundle file, or a folder
//     https://host/path                              a bundle file; http on loopback
//     s3://BUCKET[/PREFIX][?endpoint=URL&region=R]   objects; without an endpoint, those of Amazon
//     redis://HOST[:PORT][/DATABASE[/KEY]]           fields of a hash, by default of the key "fanion"; rediss: TLS
//
// Credentials are never part of it (see access.hpp).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::store {

struct Location {
    enum class Kind { path, http, s3, redis };
    Kind kind = Kind::path;
    std::string shown;  // for logs and messages: without the query of a URL, which may be a secret
    std::string path;   // path: the path; http: the whole URL

    std::string bucket;
    std::string prefix;  // "" or with a slash at the end
    std::string endpoint;
    std::string region;

    std::string host;  // IPv6 in brackets
    std::uint16_t port = 0;
    bool tls = false;
    std::uint64_t database = 0;
    std::string key;

    // A file at a URL can only be read.
    bool is_writable() const noexcept { return kind != Kind::http; }
};

// Error: invalid_input; the detail does not repeat the text.
Result<Location> parse_location(std::string_view text);

// Of all texts, or the first error; for writing, a URL of a file is one.
enum class Use { read, write };
Result<std::vector<Location>> parse_locations(const std::vector<std::string>& texts, Use use);

}  // namespace fanion::store
