#include "control-plane/webhooks/signature.hpp"

#include "common/base/crypto.hpp"

namespace fanion::cp::webhooks {

std::string make_secret() { return std::string(secret_prefix) + to_base64(random_bytes(32)); }

std::optional<std::string> signature_header(const SignedMessage& message, std::span<const std::string> secrets) {
    std::string content(message.id);
    content += '.' + std::to_string(message.timestamp) + '.';
    content += message.body;
    std::string header;
    for (const std::string_view secret : secrets) {
        if (!secret.starts_with(secret_prefix)) return std::nullopt;
        const auto key = from_base64(secret.substr(secret_prefix.size()));
        if (!key || key->empty()) return std::nullopt;
        if (!header.empty()) header += ' ';
        header += "v1," + to_base64(hmac_sha256(*key, content));
    }
    return header;
}

}  // namespace fanion::cp::webhooks
