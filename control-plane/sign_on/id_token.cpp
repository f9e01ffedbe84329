#include "control-plane/sign_on/id_token.hpp"

#include <algorithm>
#include <utility>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::sign_on {
namespace {

constexpr json::ScanLimits claims_limits{id_token_bytes, 16};
constexpr std::size_t subject_bytes = 255;  // Core 1.0, section 2
constexpr std::size_t email_bytes = 254;
constexpr std::size_t name_bytes = 200;
constexpr std::size_t group_bytes = 200;
constexpr UnixMillis latest_time = 253'402'300'799;  // the year 9999, in seconds

Error bad_token(std::string code, std::string detail) {
    return {Errc::unauthenticated, detail, {{"", "", std::move(code), detail}}};
}

Error malformed_token(std::string detail) {
    return bad_token("malformed", "the ID token is malformed: " + std::move(detail));
}

std::string_view claim_text(json::Value claims, std::string_view name) {
    const auto value = claims.find(name);
    return value && value.is(json::Kind::string) ? value.as_string() : std::string_view();
}

// What PostgreSQL can hold of it, up to a length.
std::string shown_claim(json::Value claims, std::string_view name, std::size_t bytes) {
    const auto text = claim_text(claims, name);
    return text.find('\0') == std::string_view::npos ? shortened(text, bytes) : std::string();
}

// Seconds since 1970, which may have a fraction, as milliseconds.
std::optional<UnixMillis> claim_time(json::Value claims, std::string_view name) {
    const auto value = claims.find(name);
    if (!value || !value.is(json::Kind::number)) return std::nullopt;
    const double seconds = value.as_double();
    if (!(seconds >= 0 && seconds <= static_cast<double>(latest_time))) return std::nullopt;
    return static_cast<UnixMillis>(seconds) * 1000;
}

Result<> check_audience(json::Value claims, const std::string& client_id) {
    const auto audience = claims.find("aud");
    bool is_ours = false;
    std::size_t others = 0;
    const auto count = [&](json::Value value) {
        const bool is_it = value.is(json::Kind::string) && value.as_string() == client_id;
        is_ours = is_ours || is_it;
        others += is_it ? 0 : 1;
    };
    if (audience && audience.is(json::Kind::array)) {
        for (const auto value : audience.elements()) count(value);
    } else if (audience) {
        count(audience);
    }
    if (!is_ours) return bad_token("wrong_audience", "the ID token is for another client");
    const auto party = claims.find("azp");
    if (!party && others == 0) return boost::system::in_place_value;
    if (claim_text(claims, "azp") == client_id) return boost::system::in_place_value;
    return bad_token("wrong_party", "the ID token was issued to another client");
}

Result<> check_times(json::Value claims, UnixMillis now) {
    const auto expires_at = claim_time(claims, "exp");
    const auto issued_at = claim_time(claims, "iat");
    if (!expires_at || !issued_at) return malformed_token("exp and iat are times");
    if (*expires_at + clock_leeway <= now) return bad_token("expired", "the ID token has expired");
    if (*issued_at - clock_leeway > now)
        return bad_token("not_yet_valid", "the ID token is from the future: compare the clocks");
    if (*issued_at + oldest_token + clock_leeway < now)
        return bad_token("too_old", "the ID token is not of this sign-in");
    if (!claims.find("nbf")) return boost::system::in_place_value;
    const auto not_before = claim_time(claims, "nbf");
    if (!not_before) return malformed_token("nbf is a time");
    if (*not_before - clock_leeway > now) return bad_token("not_yet_valid", "the ID token is not valid yet");
    return boost::system::in_place_value;
}

// Core 1.0, section 3.1.3.6: the left half of the hash. All algorithms here but EdDSA hash with SHA-256; with Ed25519 it is
// SHA-512, which providers do not agree upon, so that there it is not compared.
Result<> check_access_token(json::Value claims, Algorithm algorithm, const std::string& access_token) {
    if (!claims.find("at_hash") || access_token.empty() || algorithm == Algorithm::eddsa) {
        return boost::system::in_place_value;
    }
    const auto hash = sha256(access_token);
    if (claim_text(claims, "at_hash") == to_base64url(as_view(hash).substr(0, 16)))
        return boost::system::in_place_value;
    return bad_token("wrong_access_token", "the ID token belongs to another access token");
}

Result<> check_claims(json::Value claims, Algorithm algorithm, const ExpectedToken& expected) {
    if (claim_text(claims, "iss") != expected.issuer)
        return bad_token("wrong_issuer", "the ID token is of another issuer");
    if (auto ok = check_audience(claims, expected.client_id); !ok) return ok.error();
    if (auto ok = check_times(claims, expected.now); !ok) return ok.error();
    if (expected.nonce.empty() || !constant_time_equal(claim_text(claims, "nonce"), expected.nonce)) {
        return bad_token("wrong_nonce", "the ID token is not of this sign-in");
    }
    return check_access_token(claims, algorithm, expected.access_token);
}

// Some providers send a boolean as a string.
bool is_true(json::Value value) {
    if (!value) return false;
    if (value.is(json::Kind::boolean)) return value.as_bool();
    return value.is(json::Kind::string) && value.as_string() == "true";
}

// An array of names, or one name.
Result<std::vector<std::string>> read_groups(json::Value claims, const std::string& claim) {
    const auto value = claim.empty() ? json::Value() : claims.find(claim);
    std::vector<std::string> groups;
    if (!value) return groups;
    const auto add = [&groups](json::Value one) {
        if (!one.is(json::Kind::string)) return;
        const auto name = one.as_string();
        if (!name.empty() && name.size() <= group_bytes && name.find('\0') == std::string_view::npos)
            groups.emplace_back(name);
    };
    if (!value.is(json::Kind::array)) {
        add(value);
        return groups;
    }
    if (value.size() > most_groups) return bad_token("too_many_groups", "the ID token has more than 1,000 groups");
    for (const auto one : value.elements()) add(one);
    return groups;
}

Result<Person> read_person(json::Value claims, const std::string& groups_claim) {
    Person person;
    person.subject = claim_text(claims, "sub");
    if (person.subject.empty() || person.subject.size() > subject_bytes ||
        person.subject.find('\0') != std::string::npos) {
        return malformed_token("sub has 1 to 255 bytes");
    }
    const auto email = claim_text(claims, "email");
    if (email.size() <= email_bytes && email.find('\0') == std::string_view::npos) person.email = email;
    person.is_email_verified = is_true(claims.find("email_verified"));
    person.name = shown_claim(claims, "name", name_bytes);
    auto groups = read_groups(claims, groups_claim);
    if (!groups) return groups.error();
    person.groups = std::move(*groups);
    return person;
}

}  // namespace

Result<SignedToken> split_token(std::string_view token) {
    if (token.size() > id_token_bytes) return malformed_token("it is too long");
    const auto parts = split(token, '.');
    if (parts.size() != 3) return malformed_token("it has three parts");
    const auto header = from_base64url(parts[0]);
    auto claims = from_base64url(parts[1]);
    auto signature = from_base64url(parts[2]);
    if (!header || !claims || !signature) return malformed_token("its parts are base64url");
    json::Document document;
    if (!document.parse(*header, claims_limits) || !document.root().is(json::Kind::object)) {
        return malformed_token("its header is a JSON object");
    }
    if (document.root().find("crit")) return malformed_token("its header has extensions that are not known here");
    const auto algorithm = parse_algorithm(claim_text(document.root(), "alg"));
    if (!algorithm) return bad_token("bad_algorithm", "the ID token is not signed with RS256, PS256, ES256 or EdDSA");
    SignedToken made;
    made.algorithm = *algorithm;
    made.kid = claim_text(document.root(), "kid");
    made.message = token.substr(0, parts[0].size() + 1 + parts[1].size());
    made.claims = std::move(*claims);
    made.signature = std::move(*signature);
    return made;
}

namespace {

std::vector<const JsonWebKey*> possible_keys(const std::vector<JsonWebKey>& keys, const SignedToken& token) {
    std::vector<const JsonWebKey*> found;
    for (const auto& key : keys) {
        if (key.suits(token.algorithm) && (token.kid.empty() || key.kid() == token.kid)) found.push_back(&key);
    }
    if (token.kid.empty() && found.size() > 1) found.clear();
    return found;
}

}  // namespace

bool lacks_key(const std::vector<JsonWebKey>& keys, const SignedToken& token) {
    return possible_keys(keys, token).empty();
}

Result<Person> verify_token(const std::vector<JsonWebKey>& keys, const SignedToken& token,
                            const ExpectedToken& expected) {
    const auto possible = possible_keys(keys, token);
    if (possible.empty())
        return bad_token("unknown_key", "the ID token is signed with a key that the provider does not publish");
    const bool is_signed = std::ranges::any_of(possible, [&token](const JsonWebKey* key) {
        return key->verify(token.algorithm, token.message, token.signature);
    });
    if (!is_signed) return bad_token("bad_signature", "the signature of the ID token is not right");
    json::Document document;
    if (!document.parse(token.claims, claims_limits) || !document.root().is(json::Kind::object)) {
        return malformed_token("its claims are a JSON object");
    }
    if (auto ok = check_claims(document.root(), token.algorithm, expected); !ok) return ok.error();
    return read_person(document.root(), expected.groups_claim);
}

}  // namespace fanion::cp::sign_on
