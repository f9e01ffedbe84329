#include "control-plane/identity/access_token.hpp"

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::identity {
namespace {

constexpr std::size_t longest_token = 2048;
constexpr UnixMillis clock_leeway = 60'000;  // for the clocks of other replicas

Error refused() { return {Errc::unauthenticated, "the access token is not valid or has expired", {}}; }

// What the header of every token begins with: the first 27 bytes of {"alg":"EdDSA","typ":"at+jwt","kid":.., encoded.
constexpr std::string_view token_head = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3";

std::string header_for(const Ed25519PublicKey& key) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("alg", "EdDSA").member("typ", "at+jwt").member("kid", key.kid()).end_object();
    return to_base64url(out);
}

}  // namespace

AccessTokens::AccessTokens(std::vector<Ed25519PrivateKey> keys, std::string issuer) : issuer_(std::move(issuer)) {
    for (auto& key : keys) {
        auto header = header_for(key.public_key());
        keys_.push_back({std::move(key), std::move(header)});
    }
}

bool AccessTokens::has_form(std::string_view token) noexcept { return token.starts_with(token_head); }

void AccessTokens::expect(Ed25519PrivateKey key) {
    auto header = header_for(key.public_key());
    for (auto& known : keys_) {
        if (known.header != header) continue;
        known.until = std::numeric_limits<UnixMillis>::max();  // it is in use again
        return;
    }
    keys_.push_back(Key{std::move(key), std::move(header)});
}

bool AccessTokens::rotate(Ed25519PrivateKey key, UnixMillis now) {
    auto header = header_for(key.public_key());
    if (header == keys_.front().header) return false;
    keys_.front().until = std::min(keys_.front().until, now + lifetime + clock_leeway);
    std::erase_if(keys_, [&](const Key& old) { return old.until <= now || old.header == header; });
    keys_.insert(keys_.begin(), Key{std::move(key), std::move(header)});
    return true;
}

AccessTokens::Issued AccessTokens::issue(access::UserId user_id, access::SessionId session_id, UnixMillis now) const {
    const auto seconds = now / 1000;
    AccessClaims claims{std::move(user_id), std::move(session_id), random_id("", 16), seconds * 1000,
                        seconds * 1000 + lifetime};
    std::string payload;
    json::Writer w(payload);
    w.begin_object().member("iss", issuer_).member("aud", audience).member("sub", claims.user_id.str());
    w.member("sid", claims.session_id.str()).member("jti", claims.id).member("iat", seconds);
    w.member("exp", claims.expires_at / 1000).end_object();
    const auto& key = keys_.front();
    auto token = key.header + '.' + to_base64url(payload);
    const auto signature = key.key.sign(token);
    token += '.' + to_base64url(signature);
    return {std::move(token), std::move(claims)};
}

Result<AccessClaims> AccessTokens::verify(std::string_view token, UnixMillis now) const {
    if (token.size() > longest_token) return refused();
    const auto parts = split(token, '.');
    if (parts.size() != 3) return refused();
    const auto signature = from_base64url(parts[2]);
    if (!signature) return refused();
    const auto signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
    for (const auto& key : keys_) {
        if (key.header != parts[0] || now >= key.until) continue;
        if (!key.key.public_key().verify(signed_part, *signature)) return refused();
        return read_claims(parts[1], now);
    }
    return refused();
}

Result<AccessClaims> AccessTokens::read_claims(std::string_view encoded, UnixMillis now) const {
    const auto payload = from_base64url(encoded);
    json::Document document;
    if (!payload || !document.parse(*payload)) return refused();
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    constexpr std::int64_t latest = 253'402'300'799;  // the year 9999
    AccessClaims claims;
    claims.user_id = access::UserId(r.string("sub"));
    claims.session_id = access::SessionId(r.string("sid"));
    claims.id = r.string("jti");
    const bool is_ours = r.string("iss") == issuer_ && r.string("aud") == audience;
    claims.issued_at = r.integer("iat", 0, latest) * 1000;
    claims.expires_at = r.integer("exp", 0, latest) * 1000;
    if (!findings.empty() || !is_ours || claims.user_id.empty() || claims.session_id.empty()) return refused();
    const bool is_timely = claims.issued_at <= now + clock_leeway && claims.expires_at > now &&
                           claims.expires_at - claims.issued_at <= lifetime;
    if (!is_timely) return refused();
    return claims;
}

}  // namespace fanion::cp::identity
