#include "common/wire/acceptance.hpp"

#include <utility>

#include "common/json/limits.hpp"
#include "common/wire/delta.hpp"

namespace fanion::wire {
namespace {

using Check = std::optional<Rejection>;

Rejection reject(Nack code, std::string detail) { return Rejection{code, std::move(detail)}; }

// The result of steps 1 and 2: the lines and the parsed manifests, not verified yet.
struct Opened {
    Envelope envelope;
    Manifest manifest;
    std::optional<Manifest> full;  // the hint's manifest
};

Check check_full_hint(const Opened& opened) {
    const auto& hint = opened.envelope.signature_line.full;
    if (!opened.manifest.full) return std::nullopt;
    if (!hint) return reject(Nack::malformed, "line 0 does not contain the full manifest that the manifest refers to");
    if (sha256(hint->manifest) != *opened.manifest.full)
        return reject(Nack::malformed, "the full manifest in line 0 is not the one that the manifest refers to");
    return std::nullopt;
}

// Steps 1 and 2.
Check open(std::string_view bytes, std::size_t max_bytes, Opened& opened) {
    if (bytes.size() > max_bytes)
        return reject(Nack::too_large, "the document is larger than " + std::to_string(max_bytes) + " bytes");
    auto envelope = parse_envelope(bytes);
    if (!envelope) return reject(Nack::malformed, describe(envelope.error()));
    opened.envelope = std::move(*envelope);
    if (opened.envelope.payload.size() > limits::manifest_bytes)
        return reject(Nack::malformed, "the manifest is larger than 4 KiB");
    auto manifest = parse_manifest(opened.envelope.payload);
    if (!manifest) return reject(Nack::malformed, describe(manifest.error()));
    opened.manifest = std::move(*manifest);
    if (const auto& hint = opened.envelope.signature_line.full) {
        auto full = parse_manifest(hint->manifest);
        if (!full) return reject(Nack::malformed, "the full manifest in line 0: " + describe(full.error()));
        opened.full = std::move(*full);
    }
    return check_full_hint(opened);
}

bool describes_the_same(const Manifest& full, const Manifest& m) {
    return full.type == ManifestType::full && full.iss == m.iss && full.org == m.org && full.project == m.project &&
           full.env == m.env && full.env_id == m.env_id && full.version == m.version && full.root == m.root &&
           full.items == m.items && full.bytes == m.bytes && full.min_reader == m.min_reader;
}

bool is_signed(const TrustDocument& trust, const Manifest& m, std::string_view payload,
               const std::vector<Signature>& by) {
    return is_signed_by_trusted(trust, manifest_payload_type, payload, by, m.issued_at, m.org, m.project, m.env);
}

// Step 3.
Check check_signatures(const Opened& opened, const TrustDocument& trust) {
    const auto& line0 = opened.envelope.signature_line;
    if (!is_signed(trust, opened.manifest, opened.envelope.payload, line0.signatures))
        return reject(Nack::bad_signature, "not signed by a trusted signer within its validity period and scope");
    if (!opened.full) return std::nullopt;
    if (!is_signed(trust, *opened.full, line0.full->manifest, line0.full->signatures))
        return reject(Nack::bad_signature, "the full manifest in line 0 is not signed by a trusted signer");
    if (!describes_the_same(*opened.full, opened.manifest))
        return reject(Nack::bad_signature, "the full manifest in line 0 describes another ruleset");
    return std::nullopt;
}

// Steps 4 to 6.
Check check_place(const Manifest& m, bool type_fits, const TrustDocument& trust, const Expected& expected) {
    if (m.iss != trust.iss) return reject(Nack::wrong_audience, "the document is from issuer " + m.iss);
    if (!expected.env_id.empty() && m.env_id != expected.env_id)
        return reject(Nack::wrong_audience, "the document is for environment " + m.env_id);
    if (!type_fits) return reject(Nack::wrong_audience, "unexpected document type " + std::string(name_of(m.type)));
    if (m.min_reader > reader_version)
        return reject(Nack::unsupported, "requires reader version " + std::to_string(m.min_reader));
    if (m.version.epoch < trust.epoch_floor)
        return reject(Nack::rollback,
                      "the epoch is below the trust document's epoch floor " + std::to_string(trust.epoch_floor));
    if (!expected.floor || m.version > expected.floor->version) return std::nullopt;
    if (m.version < expected.floor->version)
        return reject(Nack::rollback,
                      "version " + to_string(m.version) + " is below the floor " + to_string(expected.floor->version));
    if (m.root != expected.floor->root)
        return reject(Nack::equivocation, "version " + to_string(m.version) + " was accepted before with another root");
    return std::nullopt;
}

bool is_applied_to_held(const Manifest& m, const Expected& expected) {
    return m.type == ManifestType::delta && !expected.at_rest;
}

// Steps 7 and 8.
Check check_base(const Manifest& m, const Expected& expected) {
    if (is_applied_to_held(m, expected)) {
        const bool held =
            expected.held != nullptr && expected.held_version == m.base->version && expected.held_root == m.base->root;
        if (!held) return reject(Nack::gap, "the base " + to_string(m.base->version) + " is not the version held");
    }
    if (expected.is_quarantined && expected.is_quarantined({m.version, m.root}))
        return reject(Nack::quarantined, "version " + to_string(m.version) + " is quarantined: its root " +
                                             to_hex(m.root) + " ended this relay's process twice");
    return std::nullopt;
}

// Step 9. Fills `items`.
Check check_items(const Opened& opened, const Expected& expected, ItemSet& items) {
    const auto& m = opened.manifest;
    const bool onto_held = is_applied_to_held(m, expected);
    if (onto_held) items = *expected.held;
    if (auto applied = apply_item_lines(items, opened.envelope.items, !onto_held, expected.redacted); !applied)
        return reject(Nack::integrity, applied.error().detail);
    if (items.size() != m.items) {
        return reject(Nack::integrity, std::to_string(items.size()) + " items instead of " + std::to_string(m.items));
    }
    if (items.bytes() != m.bytes && !items.has_redacted()) {  // a redacted body's length is unknown
        return reject(Nack::integrity, std::to_string(items.bytes()) + " bytes instead of " + std::to_string(m.bytes));
    }
    if (items.root() != m.root) return reject(Nack::integrity, "the root of the items differs from the manifest's");
    return std::nullopt;
}

std::string full_head_of(const Opened& opened) {
    const auto& envelope = opened.envelope;
    if (opened.manifest.type == ManifestType::full) {
        SignatureLine plain{envelope.signature_line.signatures, std::nullopt};
        return format_signed_head(plain, envelope.payload);
    }
    if (!opened.full) return {};
    SignatureLine hinted{envelope.signature_line.full->signatures, std::nullopt};
    return format_signed_head(hinted, envelope.signature_line.full->manifest);
}

}  // namespace

std::string_view name_of(Nack code) noexcept {
    switch (code) {
        case Nack::too_large:
            return "too_large";
        case Nack::malformed:
            return "malformed";
        case Nack::bad_signature:
            return "bad_signature";
        case Nack::wrong_audience:
            return "wrong_audience";
        case Nack::unsupported:
            return "unsupported";
        case Nack::rollback:
            return "rollback";
        case Nack::equivocation:
            return "equivocation";
        case Nack::gap:
            return "gap";
        case Nack::quarantined:
            return "quarantined";
        case Nack::integrity:
            return "integrity";
        case Nack::invalid:
            return "invalid";
    }
    return "invalid";
}

std::variant<Accepted, Rejection> accept_ruleset(std::string_view bytes, const TrustDocument& trust,
                                                 const Expected& expected) {
    Opened opened;
    if (auto failed = open(bytes, expected.max_bytes, opened)) return *failed;
    if (auto failed = check_signatures(opened, trust)) return *failed;
    const auto type = opened.manifest.type;
    const bool type_fits = type == ManifestType::full || type == ManifestType::delta;
    if (auto failed = check_place(opened.manifest, type_fits, trust, expected)) return *failed;
    if (auto failed = check_base(opened.manifest, expected)) return *failed;
    Accepted accepted;
    if (auto failed = check_items(opened, expected, accepted.items)) return *failed;
    accepted.full_head = full_head_of(opened);
    accepted.payload = opened.envelope.payload;
    accepted.manifest = std::move(opened.manifest);
    accepted.signature_line = std::move(opened.envelope.signature_line);
    return accepted;
}

std::variant<AcceptedHead, Rejection> accept_head(std::string_view bytes, const TrustDocument& trust,
                                                  const Expected& expected) {
    Opened opened;
    if (auto failed = open(bytes, expected.max_bytes, opened)) return *failed;
    if (!opened.envelope.items.empty()) return reject(Nack::malformed, "unexpected data after line 1");
    if (auto failed = check_signatures(opened, trust)) return *failed;
    const auto type = opened.manifest.type;
    const bool type_fits = type == ManifestType::head || type == ManifestType::revoked;
    if (auto failed = check_place(opened.manifest, type_fits, trust, expected)) return *failed;
    return AcceptedHead{std::move(opened.manifest)};
}

}  // namespace fanion::wire
