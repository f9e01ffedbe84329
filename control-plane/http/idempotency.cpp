#include "control-plane/http/idempotency.hpp"

#include <algorithm>
#include <array>

#include "common/base/sealing.hpp"
#include "common/json/document.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::http {
namespace {

constexpr std::string_view header_pointer = "Idempotency-Key";
constexpr std::string_view sealing_context = "idempotent response";

// Headers of responses that create something. Their names in a response are literals.
constexpr std::array<std::string_view, 3> kept_headers{"Location", "ETag", "Fanion-Ruleset-Version"};

// Parts that cannot be confused, however long each is.
std::string joined(std::initializer_list<std::string_view> parts) {
    std::string out;
    for (const auto part : parts) out += std::to_string(part.size()) + ':' + std::string(part);
    return out;
}

// Our own text: it may be as large as a response.
json::ScanLimits response_limits() {
    json::ScanLimits limits;
    limits.bytes = limits.string_bytes = 64 * 1024 * 1024;
    limits.depth += 8;
    return limits;
}

}  // namespace

Result<> check_idempotency_key(std::string_view key) {
    const bool is_long_enough = key.size() >= min_idempotency_key && key.size() <= max_idempotency_key;
    const bool is_visible = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (is_long_enough && is_visible) return boost::system::in_place_value;
    const std::string detail = "Idempotency-Key is 16 to 255 visible ASCII characters, for example a random UUID";
    return Error{Errc::invalid_input, detail, {{"", std::string(header_pointer), "bad_idempotency_key", detail}}};
}

IdempotentRequest idempotent_request(std::string_view key, std::string_view caller, std::string_view target,
                                     std::string_view body) {
    IdempotentRequest request;
    request.key_sha256 = sha256(joined({"fanion idempotency key", caller, key}));
    request.request_sha256 = sha256(joined({target, body}));
    request.sealing_key =
        hmac_sha256(key, joined({"fanion idempotent response", caller, as_view(request.request_sha256)}));
    return request;
}

std::string seal_response(const net::Response& response, const IdempotentRequest& request) {
    const auto text = body::object_text([&](json::Writer& w) {
        w.member("status", static_cast<std::uint64_t>(response.status)).key("headers").begin_object();
        for (const auto& [name, value] : response.headers)
            if (std::find(kept_headers.begin(), kept_headers.end(), name) != kept_headers.end()) w.member(name, value);
        w.end_object().key("body").raw(response.body.empty() ? "null" : response.body);
    });
    return SealingKeys::of(request.sealing_key).seal(text, sealing_context).value();
}

std::optional<net::Response> open_response(std::string_view sealed, const IdempotentRequest& request) {
    const auto text = SealingKeys::of(request.sealing_key).open(sealed, sealing_context);
    json::Document document;
    if (!text || !document.parse(*text, response_limits())) return std::nullopt;
    const auto root = document.root();
    const auto status = root.find("status");
    const auto body = root.find("body");
    if (!status || !body) return std::nullopt;
    auto response = net::json_response(body.is(json::Kind::null) ? std::string() : body.to_text());
    response.status = static_cast<unsigned>(status.as_u64().value_or(200));
    for (const auto name : kept_headers) {
        if (const auto value = root.find("headers").find(name)) response.set(name, std::string(value.as_string()));
    }
    response.set("Idempotency-Replayed", "true");
    return response;
}

Error reused_key_error() {
    const std::string detail = "this Idempotency-Key was used with another request in the last 24 hours";
    return {Errc::unprocessable, detail, {{"", std::string(header_pointer), "idempotency_key_reused", detail}}};
}

}  // namespace fanion::cp::http
