#include "control-plane/web/security_headers.hpp"

namespace fanion::cp::web {
namespace {

// Each that browsers know, except for writing to the clipboard, which is how keys and commands are copied.
constexpr const char* no_permissions =
    "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), "
    "encrypted-media=(), "
    "fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(), "
    "publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), usb=(), "
    "window-management=(), xr-spatial-tracking=()";

}  // namespace

std::string dashboard_policy(std::span<const std::string> style_hashes) {
    std::string policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";
    for (const auto& hash : style_hashes) policy.append(" 'sha256-").append(hash).append("'");
    policy +=
        "; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types fanion default";
    return policy;
}

std::string document_policy(std::string_view style_hash) {
    return "default-src 'none'; style-src 'sha256-" + std::string(style_hash) +
           "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
           "trusted-types 'none'";
}

void add_security_headers(const net::Request& request, net::Response& response, const std::string& policy) {
    response.set("Content-Security-Policy", policy);
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Permissions-Policy", no_permissions);
    if (request.is_https()) response.set("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace fanion::cp::web
