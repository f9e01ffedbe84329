#pragma once

// Encrypts secrets that must be readable again, for storage in a database.
// AES-256-GCM with a random nonce; the sealed form is
//
//     0x01 | id of the key (4 bytes) | nonce (12) | ciphertext | tag (16)
//
// where the id is the beginning of the key's SHA-256. `context` names what the secret belongs to
// ("webhook/wh_..") and is authenticated: a value that was moved to another row does not open.
// Immutable once made; thread-safe.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion {

class SealingKeys {
public:
    SealingKeys() = default;  // none: seal() and open() fail
    // One key a line, each 32 bytes in base64; empty lines and lines that begin with '#' are
    // skipped. The first key seals, each of them opens. Error: invalid_input.
    static Result<SealingKeys> parse(std::string_view text);
    // One key of 32 bytes. Throws std::invalid_argument if it has another size.
    static SealingKeys of(std::string key);
    // A new key in the form that parse() reads.
    static std::string make_text();

    bool empty() const noexcept { return keys_.empty(); }

    // Errors: unavailable, there is no key.
    Result<std::string> seal(std::string_view secret, std::string_view context) const;
    // Errors: unavailable, the key is not among these; invalid_input, the bytes are damaged, or
    // sealed for another context.
    Result<std::string> open(std::string_view sealed, std::string_view context) const;

private:
    struct Key {
        std::string id;
        std::string bytes;
    };
    std::vector<Key> keys_;
};

}  // namespace fanion
