#pragma once

// Reads and writes signed documents as bytes: line 0 (signatures), line 1 (the payload) and item
// lines. The format is in docs/distribution.md, "The bytes". Pure. Signatures are not verified here
// (see acceptance.hpp and trust.hpp).

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::wire {

struct Signature {
    std::string kid;
    std::string bytes;  // 64 bytes, not encoded
};

// The bytes that are signed: the pre-authentication encoding of DSSE v1
// (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md).
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

// A full manifest carried in a delta's line 0, so that a receiver can pass on and store the
// resulting full ruleset with a signature of its own. Line 0 is not signed: the hint is verified
// like any manifest before it is used.
struct FullHint {
    std::string manifest;  // the manifest's bytes
    std::vector<Signature> signatures;
};

// Line 0.
struct SignatureLine {
    std::vector<Signature> signatures;
    std::optional<FullHint> full;
    // The trace of the change that made a version, as a `traceparent`. Not signed: it may be
    // anybody's, and says nothing of the content. Anything of another length is dropped.
    std::string trace = {};
};
inline constexpr std::size_t trace_bytes = 55;
std::string to_json(const SignatureLine& line);
// Errors: too_large, invalid_input with findings.
Result<SignatureLine> parse_signature_line(std::string_view line);

// Views into the parsed text.
struct ItemLine {
    enum class Kind { body, redacted, tombstone } kind;
    std::string_view key;
    std::string_view body;  // Kind::body
    Sha256 hash{};          // Kind::redacted
};
// Parses a line without its LF. Errors (invalid_input): no TAB, an empty key, a CR or NUL, or a
// hash that is not 64 lower-case hexadecimal digits.
Result<ItemLine> parse_item_line(std::string_view line);

// A signed document, split but not verified. Views into the parsed text.
struct Envelope {
    SignatureLine signature_line;
    std::string_view payload;  // line 1: the bytes that are signed
    std::string_view items;    // the remaining bytes, not checked
};
// Splits a document. Lines 0 and 1 must each end with LF. The detail of an error (too_large,
// invalid_input) names the line.
Result<Envelope> parse_envelope(std::string_view bytes);

// Lines 0 and 1, each followed by LF.
std::string format_signed_head(const SignatureLine& line0, std::string_view payload);
void append_item_line(std::string& out, std::string_view key, std::string_view body);
void append_tombstone_line(std::string& out, std::string_view key);
void append_redacted_line(std::string& out, std::string_view key, const Sha256& hash);

// Appends all item lines of a full ruleset, in key order.
void append_items(std::string& out, const ItemSet& items);

// Signs the pre-authentication encoding of `payload`.
Signature sign_payload(const Ed25519PrivateKey& key, std::string_view payload_type, std::string_view payload);

}  // namespace fanion::wire
