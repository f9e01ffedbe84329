#pragma once

// Trust documents (trust.json): who may sign what. The format is in docs/distribution.md, "Trust".
// Plain values, pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "common/wire/envelope.hpp"

namespace fanion::wire {

struct TrustKey {
    Ed25519PublicKey key;
    UnixMillis not_before = 0;
    UnixMillis not_after = 0;        // signers
    std::vector<std::string> scope;  // signers: "*", "org", "org/project", "org/project/env"
};

struct TrustDocument {
    std::string iss;
    std::uint64_t version = 0;
    UnixMillis expires_at = 0;
    std::uint64_t epoch_floor = 0;
    std::uint32_t threshold = 1;
    std::vector<TrustKey> root;
    std::vector<TrustKey> signers;
    std::string bytes;  // the signed form as received: two lines
};

// The payload, line 1 of the signed form.
std::string to_json(const TrustDocument& document);

// Parses the first document, which comes from the operator. It must be signed by a threshold of its
// own root keys. Errors of both functions: too_large, invalid_input.
Result<TrustDocument> parse_first_trust(std::string_view bytes);
// Parses the successor of `present`. It must have the next version, the same iss and no lower epoch
// floor, and must be signed by a threshold of the root keys of `present` and of its own.
Result<TrustDocument> parse_next_trust(const TrustDocument& present, std::string_view bytes);

// Whether one of `signatures` is a valid signature of `payload` by a signer of `trust` that is
// within its validity period at the time `at` and whose scope covers org/project/env.
bool is_signed_by_trusted(const TrustDocument& trust, std::string_view payload_type, std::string_view payload,
                          const std::vector<Signature>& signatures, UnixMillis at, std::string_view org,
                          std::string_view project, std::string_view env);

// Makes a first trust document with one root key and one signer with scope "*", and signs it. For
// `fanion trust init` and the quickstart.
std::string make_trust(std::string_view iss, const Ed25519PrivateKey& root, const Ed25519PublicKey& signer,
                       UnixMillis now);

}  // namespace fanion::wire
