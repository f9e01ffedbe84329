#include "common/wire/trust.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "common/json/writer.hpp"
#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

constexpr std::size_t trust_bytes = 256 * 1024;
constexpr UnixMillis ten_years = 10LL * 365 * 24 * 3600 * 1000;

Error invalid(std::string detail) { return Error{Errc::invalid_input, "trust document: " + std::move(detail)}; }

void read_key(json::Reader& r, std::vector<TrustKey>& keys) {
    if (r.string("alg") != "Ed25519") r.fail_at("alg", "unsupported", "must be Ed25519");
    const auto kid = r.string("kid");
    const auto raw = from_base64(r.string("pub"));
    auto key = Ed25519PublicKey::from_raw(raw.value_or(""));
    if (!key) return r.fail_at("pub", "malformed", "must be the base64 encoding of an Ed25519 public key");
    if (key->kid() != kid) r.fail_at("kid", "malformed", "is not the key's id");
    keys.push_back({std::move(*key), 0, 0, {}});
}

void read_signer(json::Reader& r, std::vector<TrustKey>& keys) {
    const auto before = keys.size();
    read_key(r, keys);
    if (keys.size() == before) return;
    keys.back().not_before = r.integer("not_before", 0, latest_time);
    keys.back().not_after = r.integer("not_after", 0, latest_time);
    keys.back().scope = r.strings("scope");
}

void refuse_twins(json::Reader& r, const std::vector<TrustKey>& keys, std::string_view member) {
    std::set<std::string> seen;
    for (const auto& entry : keys)
        if (!seen.insert(entry.key.raw()).second) r.fail_at(member, "duplicate", "contains a key twice");
}

TrustDocument read_trust(json::Reader& r) {
    TrustDocument document;
    if (r.string("typ") != "trust") r.fail_at("typ", "malformed", "must be trust");
    document.iss = r.string("iss");
    document.version = static_cast<std::uint64_t>(r.integer("version", 1, latest_time));
    document.expires_at = r.integer("expires_at", 0, latest_time);
    document.epoch_floor = static_cast<std::uint64_t>(r.integer("epoch_floor", 0, latest_time, 0));
    auto root = r.object("root");
    for (auto& element : root.array("keys")) read_key(element, document.root);
    for (auto& element : r.array("signers")) read_signer(element, document.signers);
    const auto keys = static_cast<std::int64_t>(document.root.size());
    document.threshold = static_cast<std::uint32_t>(root.integer("threshold", 1, std::max<std::int64_t>(keys, 1)));
    if (keys == 0) root.fail_at("keys", "out_of_range", "must hold at least one key");
    refuse_twins(root, document.root, "keys");
    refuse_twins(r, document.signers, "signers");
    return document;
}

struct Parsed {
    Envelope envelope;
    TrustDocument document;
};

Result<Parsed> parse(std::string_view bytes) {
    if (bytes.size() > trust_bytes) return Error{Errc::too_large, "the trust document is larger than 256 KiB"};
    auto envelope = parse_envelope(bytes);
    if (!envelope) return envelope.error();
    if (!envelope->items.empty()) return invalid("unexpected data after line 1");
    auto document =
        read_json(envelope->payload, trust_bytes, "the trust document", [](json::Reader& r) { return read_trust(r); });
    if (!document) return document.error();
    document->bytes = bytes;
    return Parsed{std::move(*envelope), std::move(*document)};
}

// Whether at least `threshold` different root keys signed. A signature counts only under the key that its kid names.
bool is_signed_by_root(const Envelope& envelope, const TrustDocument& by) {
    const auto message = pre_authentication_encoding(trust_payload_type, envelope.payload);
    std::uint32_t good = 0;
    for (const auto& entry : by.root) {
        const auto signed_by = [&](const Signature& s) {
            return s.kid == entry.key.kid() && entry.key.verify(message, s.bytes);
        };
        const auto& signatures = envelope.signature_line.signatures;
        good += std::any_of(signatures.begin(), signatures.end(), signed_by) ? 1 : 0;
    }
    return good >= by.threshold;
}

bool covers(const std::vector<std::string>& scope, std::string_view org, std::string_view project,
            std::string_view env) {
    const auto whole_org = std::string(org);
    const auto whole_project = whole_org + "/" + std::string(project);
    const auto one = whole_project + "/" + std::string(env);
    return std::any_of(scope.begin(), scope.end(), [&](const std::string& entry) {
        return entry == "*" || entry == whole_org || entry == whole_project || entry == one;
    });
}

void write_key(json::Writer& w, const Ed25519PublicKey& key) {
    w.member("kid", key.kid()).member("alg", "Ed25519").member("pub", to_base64(key.raw()));
}

}  // namespace

std::string to_json(const TrustDocument& document) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("typ", "trust").member("iss", document.iss).member("version", document.version);
    w.member("expires_at", document.expires_at).member("epoch_floor", document.epoch_floor);
    w.key("root").begin_object().member("threshold", std::uint64_t{document.threshold}).key("keys").begin_array();
    for (const auto& entry : document.root) {
        w.begin_object();
        write_key(w, entry.key);
        w.end_object();
    }
    w.end_array().end_object().key("signers").begin_array();
    for (const auto& entry : document.signers) {
        w.begin_object();
        write_key(w, entry.key);
        w.member("not_before", entry.not_before).member("not_after", entry.not_after).key("scope").begin_array();
        for (const auto& scope : entry.scope) w.string(scope);
        w.end_array().end_object();
    }
    w.end_array().end_object();
    return out;
}

Result<TrustDocument> parse_first_trust(std::string_view bytes) {
    auto parsed = parse(bytes);
    if (!parsed) return parsed.error();
    if (!is_signed_by_root(parsed->envelope, parsed->document)) return invalid("is not signed by its own root keys");
    return std::move(parsed->document);
}

Result<TrustDocument> parse_next_trust(const TrustDocument& present, std::string_view bytes) {
    auto parsed = parse(bytes);
    if (!parsed) return parsed.error();
    const auto& next = parsed->document;
    if (next.iss != present.iss) return invalid("is from another issuer");
    if (next.version != present.version + 1)
        return invalid("is version " + std::to_string(next.version) + ", not " + std::to_string(present.version + 1));
    if (!is_signed_by_root(parsed->envelope, present)) return invalid("is not signed by the root keys in force");
    if (!is_signed_by_root(parsed->envelope, next)) return invalid("is not signed by its own root keys");
    if (next.epoch_floor < present.epoch_floor) return invalid("lowers the epoch floor");
    return std::move(parsed->document);
}

bool is_signed_by_trusted(const TrustDocument& trust, std::string_view payload_type, std::string_view payload,
                          const std::vector<Signature>& signatures, UnixMillis at, std::string_view org,
                          std::string_view project, std::string_view env) {
    const auto message = pre_authentication_encoding(payload_type, payload);
    for (const auto& signer : trust.signers) {
        if (at < signer.not_before || at >= signer.not_after || !covers(signer.scope, org, project, env)) continue;
        for (const auto& signature : signatures)
            if (signature.kid == signer.key.kid() && signer.key.verify(message, signature.bytes)) return true;
    }
    return false;
}

std::string make_trust(std::string_view iss, const Ed25519PrivateKey& root, const Ed25519PublicKey& signer,
                       UnixMillis now) {
    TrustDocument document;
    document.iss = iss;
    document.version = 1;
    document.expires_at = now + ten_years;
    document.root.push_back({root.public_key(), 0, 0, {}});
    document.signers.push_back({signer, now, now + ten_years, {"*"}});
    const auto payload = to_json(document);
    SignatureLine line0;
    line0.signatures.push_back(sign_payload(root, trust_payload_type, payload));
    return format_signed_head(line0, payload);
}

}  // namespace fanion::wire
