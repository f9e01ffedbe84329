#pragma once

// trust.json: who may sign what (distribution.md, Trust). Pure values; TrustDocument is immutable once parsed.

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
    std::string bytes;  // the signed form as received, two lines
};

std::string to_json(const TrustDocument& document);  // line 1

// First document: given by the operator; must be signed by its own threshold of root keys.
Result<TrustDocument> parse_first_trust(std::string_view bytes);
// A successor: version present+1, same iss, signed by the threshold of `present`'s root keys and of its own.
Result<TrustDocument> parse_next_trust(const TrustDocument& present, std::string_view bytes);

// A signature on `payload` by a signer of `trust` that is valid at `at` and whose scope covers org/project/env.
bool is_signed_by_trusted(const TrustDocument& trust, std::string_view payload_type, std::string_view payload,
                          const std::vector<Signature>& signatures, UnixMillis at, std::string_view org,
                          std::string_view project, std::string_view env);

// New trust: one root key, one signer with scope "*", signed. For `fanion trust init` and the quickstart.
std::string make_trust(std::string_view iss, const Ed25519PrivateKey& root, const Ed25519PublicKey& signer,
                       UnixMillis now);

}  // namespace fanion::wire
