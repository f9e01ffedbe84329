#pragma once

// A signing key of another process, as far as its users can tell, which a test takes away and gives
// back. Thread-safe.

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "common/signing/signing_key.hpp"

namespace fanion::test {

class SwitchedKey final : public signing::SigningKey {
public:
    explicit SwitchedKey(Ed25519PrivateKey key) : key_(std::move(key)) {}

    const Ed25519PublicKey& public_key() const noexcept override { return key_.public_key(); }
    Result<std::string> sign(std::string_view message) const override {
        if (is_away) return Error{Errc::unavailable, "the signer is away"};
        return key_.sign(message);
    }
    bool is_local() const noexcept override { return false; }

    std::atomic<bool> is_away{false};

private:
    Ed25519PrivateKey key_;
};

}  // namespace fanion::test
