#include "common/signing/signing_key.hpp"

#include <utility>

namespace fanion::signing {
namespace {

class LocalKey final : public SigningKey {
public:
    explicit LocalKey(Ed25519PrivateKey key) : key_(std::move(key)) {}

    const Ed25519PublicKey& public_key() const noexcept override { return key_.public_key(); }
    Result<std::string> sign(std::string_view message) const override { return key_.sign(message); }
    bool is_local() const noexcept override { return true; }

private:
    Ed25519PrivateKey key_;
};

}  // namespace

SigningKeyPtr make_local_key(Ed25519PrivateKey key) { return std::make_shared<LocalKey>(std::move(key)); }

}  // namespace fanion::signing
