#include "common/wire/envelope.hpp"

#include <utility>

#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

// Line 0 holds signatures and at most one manifest with its own signatures, which is far less than this.
constexpr std::size_t signature_line_bytes = 4 * limits::manifest_bytes;
constexpr std::size_t most_signatures = 16;
constexpr std::size_t signature_bytes = 64;

void write_signatures(json::Writer& w, const std::vector<Signature>& signatures) {
    w.key("sigs").begin_array();
    for (const auto& signature : signatures) {
        w.begin_object().member("kid", signature.kid).member("sig", to_base64(signature.bytes)).end_object();
    }
    w.end_array();
}

std::vector<Signature> read_signatures(json::Reader& r) {
    std::vector<Signature> signatures;
    if (!r.has("sigs")) r.fail_at("sigs", "missing", "is required");
    for (auto& element : r.array("sigs")) {
        Signature signature{element.string("kid"), {}};
        const auto bytes = from_base64(element.string("sig"));
        if (!bytes || bytes->size() != signature_bytes)
            element.fail_at("sig", "malformed", "must be the base64 encoding of 64 bytes");
        signature.bytes = bytes.value_or("");
        signatures.push_back(std::move(signature));
    }
    if (signatures.size() > most_signatures) r.fail_at("sigs", "limit", "holds more than 16 signatures");
    return signatures;
}

SignatureLine read_line(json::Reader& r) {
    SignatureLine line;
    r.integer("v", 1, 1);
    line.signatures = read_signatures(r);
    if (auto full = r.optional_object("full")) {
        FullHint hint;
        hint.manifest = full->string("manifest");
        hint.signatures = read_signatures(*full);
        if (hint.manifest.find_first_of("\r\n") != std::string::npos)
            full->fail_at("manifest", "malformed", "must be one line");
        line.full = std::move(hint);
    }
    if (const auto trace = r.optional_any("trace"); trace && trace.is(json::Kind::string)) {
        if (trace.as_string().size() == trace_bytes) line.trace = trace.as_string();
    }
    return line;
}

Error malformed(std::string detail) { return Error{Errc::invalid_input, std::move(detail)}; }

// Removes the first line from `rest`; nullopt if there is no LF.
std::optional<std::string_view> cut_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

std::optional<Sha256> parse_redacted(std::string_view text) {
    if (text.find_first_of("ABCDEF") != std::string_view::npos) return std::nullopt;
    return sha256_from_hex(text);
}

}  // namespace

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
    std::string out = "DSSEv1 ";
    out += std::to_string(payload_type.size());
    out += ' ';
    out += payload_type;
    out += ' ';
    out += std::to_string(payload.size());
    out += ' ';
    out += payload;
    return out;
}

std::string to_json(const SignatureLine& line) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("v", 1);
    write_signatures(w, line.signatures);
    if (line.full) {
        w.key("full").begin_object().member("manifest", line.full->manifest);
        write_signatures(w, line.full->signatures);
        w.end_object();
    }
    if (!line.trace.empty()) w.member("trace", line.trace);
    w.end_object();
    return out;
}

Result<SignatureLine> parse_signature_line(std::string_view line) {
    return read_json(line, signature_line_bytes, "line 0", [](json::Reader& r) { return read_line(r); });
}

Result<ItemLine> parse_item_line(std::string_view line) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos) return malformed("contains no TAB");
    if (tab == 0) return malformed("has an empty key");
    if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos)
        return malformed("contains a CR or NUL");
    ItemLine item{ItemLine::Kind::body, line.substr(0, tab), line.substr(tab + 1), {}};
    if (item.body.empty()) item.kind = ItemLine::Kind::tombstone;
    if (item.body.starts_with('#')) {
        const auto hash = parse_redacted(item.body.substr(1));
        if (!hash) return malformed("contains '#' without a hash of 64 lower-case hexadecimal digits");
        item = ItemLine{ItemLine::Kind::redacted, item.key, {}, *hash};
    }
    return item;
}

Result<Envelope> parse_envelope(std::string_view bytes) {
    const auto line0 = cut_line(bytes);
    if (!line0) return malformed("line 0 does not end with LF");
    auto signature_line = parse_signature_line(*line0);
    if (!signature_line) return signature_line.error();
    const auto payload = cut_line(bytes);
    if (!payload) return malformed("line 1 does not end with LF");
    return Envelope{std::move(*signature_line), *payload, bytes};
}

std::string format_signed_head(const SignatureLine& line0, std::string_view payload) {
    auto out = to_json(line0);
    out += '\n';
    out += payload;
    out += '\n';
    return out;
}

void append_item_line(std::string& out, std::string_view key, std::string_view body) {
    out += key;
    out += '\t';
    out += body;
    out += '\n';
}

void append_tombstone_line(std::string& out, std::string_view key) { append_item_line(out, key, ""); }

void append_redacted_line(std::string& out, std::string_view key, const Sha256& hash) {
    append_item_line(out, key, "#" + to_hex(hash));
}

void append_items(std::string& out, const ItemSet& items) {
    out.reserve(out.size() + items.bytes());
    for (const auto& [key, item] : items.items()) {
        if (item.body) {
            append_item_line(out, key, *item.body);
        } else {
            append_redacted_line(out, key, item.hash);
        }
    }
}

Signature sign_payload(const Ed25519PrivateKey& key, std::string_view payload_type, std::string_view payload) {
    return {key.public_key().kid(), key.sign(pre_authentication_encoding(payload_type, payload))};
}

}  // namespace fanion::wire
