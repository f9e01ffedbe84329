#pragma once

// Signs manifests with the key that the newest trust document names. A value: no function changes
// it, so the const functions may be called from any thread as long as nobody assigns to the object.
//
// Each I/O thread of the control plane has its own, and assigns to it when keys are reloaded
// (app::Services::replace_keys), while the thread's publisher, delta signer and stream hub hold
// references to it, and relays::DocumentApi one to its trust chain. They and the assignment
// therefore all run on that thread, and each use of the signer ends before its coroutine suspends.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/publish/trust_chain.hpp"
#include "control-plane/publish/version_store.hpp"

namespace fanion::cp::publish {

class Signer {
public:
    // Errors (invalid_input): `key_pem` is not a private key, `trust` not a chain of trust
    // documents, or the newest document does not name the key as a signer that is valid at `now`.
    static Result<Signer> make(std::string_view key_pem, std::string_view trust, UnixMillis now);

    const TrustChain& trust() const noexcept { return trust_; }
    const std::string& iss() const noexcept { return trust_.iss(); }
    const std::string& kid() const noexcept { return kid_; }
    // What is signed from then on is refused by everybody.
    UnixMillis expires_at() const noexcept { return expires_at_; }

    // Lines 0 and 1, without their LF.
    SignedHead sign(const wire::Manifest& manifest) const;
    // The same, with the full manifest of the same version attached (wire::SignatureLine::full);
    // `manifest.full` must name it. `trace`: of the change (wire::SignatureLine::trace); may be
    // empty.
    SignedHead sign(const wire::Manifest& manifest, const SignedHead& full, std::string trace = {}) const;

private:
    Signer(Ed25519PrivateKey key, UnixMillis expires_at, TrustChain trust)
        : key_(std::move(key)), kid_(key_.public_key().kid()), expires_at_(expires_at), trust_(std::move(trust)) {}

    Ed25519PrivateKey key_;
    std::string kid_;
    UnixMillis expires_at_;
    TrustChain trust_;
};

// Both lines with their LF.
std::string lines_of(const SignedHead& head);

}  // namespace fanion::cp::publish
