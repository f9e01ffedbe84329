#pragma once

// Signs manifests with the key that the newest trust document names. A value: no function changes
// it, so the const functions may be called from any thread as long as nobody assigns to the object.
// Unless its key is local, signing blocks, and fails while the signer is away: run_signing().
//
// Each I/O thread of the control plane has its own, and assigns to it when keys are reloaded
// (app::Services::replace_keys), while the thread's publisher, delta signer and stream hub hold
// references to it, and relays::DocumentApi one to its trust chain. They and the assignment
// therefore all run on that thread, and each use of the signer ends before its coroutine suspends.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/signing/signing_key.hpp"
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
    static Result<Signer> make(signing::SigningKeyPtr key, std::string_view trust, UnixMillis now);

    const TrustChain& trust() const noexcept { return trust_; }
    const std::string& iss() const noexcept { return trust_.iss(); }
    const std::string& kid() const noexcept { return kid_; }
    // What is signed from then on is refused by everybody.
    UnixMillis expires_at() const noexcept { return expires_at_; }

    const signing::SigningKeyPtr& key() const noexcept { return key_; }
    bool is_local() const noexcept { return key_->is_local(); }

    // Lines 0 and 1, without their LF. Errors: those of signing::SigningKey::sign().
    Result<SignedHead> sign(const wire::Manifest& manifest) const;
    // The same, with the full manifest of the same version attached (wire::SignatureLine::full);
    // `manifest.full` must name it. `trace`: of the change (wire::SignatureLine::trace); may be
    // empty.
    Result<SignedHead> sign(const wire::Manifest& manifest, const SignedHead& full, std::string trace = {}) const;

private:
    Signer(signing::SigningKeyPtr key, UnixMillis expires_at, TrustChain trust)
        : key_(std::move(key)), kid_(key_->public_key().kid()), expires_at_(expires_at), trust_(std::move(trust)) {}
    Result<SignedHead> sign_line(wire::SignatureLine line0, const wire::Manifest& manifest) const;

    signing::SigningKeyPtr key_;
    std::string kid_;
    UnixMillis expires_at_;
    TrustChain trust_;
};

// Both lines with their LF.
std::string lines_of(const SignedHead& head);

// Runs `work`, which signs with a copy of `signer`: here if the key is local, otherwise on the
// blocking pool.
template <class F>
boost::asio::awaitable<std::invoke_result_t<F>> run_signing(const Signer& signer, net::BlockingPool& blocking, F work) {
    if (signer.is_local()) co_return work();
    co_return co_await blocking.compute(std::move(work));
}

}  // namespace fanion::cp::publish
