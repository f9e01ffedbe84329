#include "control-plane/publish/signer.hpp"

#include <algorithm>
#include <utility>

namespace fanion::cp::publish {

Result<Signer> Signer::make(std::string_view key_pem, std::string_view trust, UnixMillis now) {
    auto key = Ed25519PrivateKey::from_pem(key_pem);
    if (!key) return Error{Errc::invalid_input, "the signing key: " + key.error().detail};
    return make(signing::make_local_key(std::move(*key)), trust, now);
}

Result<Signer> Signer::make(signing::SigningKeyPtr key, std::string_view trust, UnixMillis now) {
    auto chain = TrustChain::parse(trust);
    if (!chain) return chain.error();
    const auto& signers = chain->newest().signers;
    const auto named = std::find_if(signers.begin(), signers.end(), [&](const wire::TrustKey& entry) {
        return entry.key.raw() == key->public_key().raw();
    });
    if (named == signers.end())
        return Error{Errc::invalid_input,
                     "the newest trust document does not list the signing key; sign a trust document that does"};
    if (now < named->not_before || now >= named->not_after)
        return Error{Errc::invalid_input,
                     "the signing key is not valid now: see its not_before and not_after in the newest trust document"};
    const auto expires_at = named->not_after;
    return Signer(std::move(key), expires_at, std::move(*chain));
}

Result<SignedHead> Signer::sign_line(wire::SignatureLine line0, const wire::Manifest& manifest) const {
    auto payload = wire::to_json(manifest);
    auto signature = key_->sign(wire::pre_authentication_encoding(wire::manifest_payload_type, payload));
    if (!signature) return signature.error();
    line0.signatures.push_back({kid_, std::move(*signature)});
    return SignedHead{wire::to_json(line0), std::move(payload)};
}

Result<SignedHead> Signer::sign(const wire::Manifest& manifest) const { return sign_line({}, manifest); }

Result<SignedHead> Signer::sign(const wire::Manifest& manifest, const SignedHead& full, std::string trace) const {
    wire::SignatureLine line0;
    wire::FullHint hint;
    hint.manifest = full.manifest;
    if (const auto own = wire::parse_signature_line(full.line0)) hint.signatures = own->signatures;
    line0.full = std::move(hint);
    line0.trace = std::move(trace);
    return sign_line(std::move(line0), manifest);
}

std::string lines_of(const SignedHead& head) { return head.line0 + "\n" + head.manifest + "\n"; }

}  // namespace fanion::cp::publish
