#pragma once

// Line 0, line 1 and the item lines: reading and writing the bytes of distribution.md. Pure.

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
    std::string bytes;  // 64
};

// DSSE's pre-authentication encoding: what is signed.
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

// A full manifest that rides along in a delta's line 0, so that who applies the delta can hand on (and keep on disk) a full
// ruleset under a signature of its own. Hint: verified like any manifest before it is used (docs/distribution.md).
struct FullHint {
    std::string manifest;  // the manifest's bytes
    std::vector<Signature> signatures;
};

struct SignatureLine {  // line 0
    std::vector<Signature> signatures;
    std::optional<FullHint> full;
};
std::string to_json(const SignatureLine& line);
Result<SignatureLine> parse_signature_line(std::string_view line);

struct ItemLine {  // views into the text
    enum class Kind { body, redacted, tombstone } kind;
    std::string_view key;
    std::string_view body;  // Kind::body
    Sha256 hash{};          // Kind::redacted
};
// `line` without its LF. Error: no TAB, an empty key, a CR, or a hash that is not 64 lower-case hex digits.
Result<ItemLine> parse_item_line(std::string_view line);

// A two-line signed document with its item lines, split but not verified. Views into the text given.
struct Envelope {
    SignatureLine signature_line;
    std::string_view payload;  // line 1: the bytes that are signed
    std::string_view items;    // the rest, not looked at
};
// Error detail says which line. Requires LF at the end of lines 0 and 1.
Result<Envelope> parse_envelope(std::string_view bytes);

// Lines 0 and 1, each with its LF.
std::string format_signed_head(const SignatureLine& line0, std::string_view payload);
void append_item_line(std::string& out, std::string_view key, std::string_view body);
void append_tombstone_line(std::string& out, std::string_view key);
void append_redacted_line(std::string& out, std::string_view key, const Sha256& hash);

// All item lines of a full ruleset, in key order.
void append_items(std::string& out, const ItemSet& items);

// Signs `payload` as DSSE under one key.
Signature sign_payload(const Ed25519PrivateKey& key, std::string_view payload_type, std::string_view payload);

}  // namespace fanion::wire
