#pragma once

// Encrypts secrets that must be readable again, for storage in a database.
// AES-256-GCM with a random nonce; the sealed form is
//
//     version | id of the key (4 bytes) | nonce (12) | ciphertext | tag (16)
//
// where the id is the beginning of the key's SHA-256. What the secret belongs to is authenticated:
// a value that was moved to another row does not open. Version 1 authenticates a context
// ("second_factor/u_.."), version 2 the tenant and such a context.
// Immutable once made; thread-safe.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion {

// A row, and column, of a tenant. A row that is moved to another tenant takes no secret along.
struct SealedPlace {
    std::string tenant;   // has no LF; empty: of no tenant
    std::string context;  // "webhook/wh_../url"
};

class SealingKeys {
public:
    SealingKeys() = default;  // none: seal() and open() fail
    // One key a line, each 32 bytes in base64; empty lines and lines that begin with '#' are
    // skipped. The first key seals, each of them opens. Errors (invalid_input): a line that is no
    // key, named by its number; two keys that are the same or have the same id; no key.
    static Result<SealingKeys> parse(std::string_view text);
    // One key of 32 bytes. Throws std::invalid_argument if it has another size.
    static SealingKeys of(std::string key);
    // A new key in the form that parse() reads.
    static std::string make_text();

    bool empty() const noexcept { return keys_.empty(); }
    // 4 bytes each, that of the key that seals first.
    std::vector<std::string> ids() const;
    // What every sealed form begins with that is made now. Requires a key.
    std::string head(bool has_tenant) const;

    // Errors: unavailable, there is no key.
    Result<std::string> seal(std::string_view secret, std::string_view context) const;
    Result<std::string> seal(std::string_view secret, const SealedPlace& place) const;
    // Errors: unavailable, the key is not among these; invalid_input, the bytes are damaged, or
    // sealed for another context. For a place with a tenant version 1 of its context opens too:
    // rewrapping replaces it.
    Result<std::string> open(std::string_view sealed, std::string_view context) const;
    Result<std::string> open(std::string_view sealed, const SealedPlace& place) const;

private:
    struct Key {
        std::string id;
        std::string bytes;
    };
    Result<std::string> seal_as(char version, std::string_view secret, std::string_view authenticated) const;
    Result<std::string> open_as(char version, std::string_view sealed, std::string_view authenticated) const;

    std::vector<Key> keys_;
};

// Of a sealed form, its key's id in hexadecimal digits; "" if it is too short to have one.
std::string sealing_key_id(std::string_view sealed);

}  // namespace fanion
