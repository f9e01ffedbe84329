#pragma once

// An identity provider: a real HTTP server on a loopback port with keys of its own, and a browser
// that goes between it and the admin API of ApiFixture.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/signing_key.hpp"

namespace fanion::test {

// The parameters of a URL's query, decoded.
inline std::map<std::string, std::string> parameters_of(const std::string& url) {
    std::map<std::string, std::string> found;
    const auto at = url.find('?');
    if (at == std::string::npos) return found;
    for (const auto pair : split(std::string_view(url).substr(at + 1), '&')) {
        const auto equals = pair.find('=');
        found[std::string(pair.substr(0, equals))] = percent_decode(pair.substr(equals + 1), true).value_or("");
    }
    return found;
}

class IdentityProvider {
public:
    explicit IdentityProvider(const Clock& clock)
        : clock_(clock), key_("k1"), server_([this](net::Router& router) { add_routes(router); }) {}

    std::string issuer() const { return server_.origin(); }

    // What the person does there: a code for what the browser was sent with. `more`: claims, with a
    // comma before them, which win over the usual ones.
    std::string sign_in(const std::map<std::string, std::string>& asked, const std::string& subject,
                        const std::string& email, const std::string& more = "") {
        const std::lock_guard lock(mutex_);
        const auto code = "code-" + std::to_string(++codes_made_);
        const auto seconds = clock_.now() / 1000;
        codes_[code] = {asked, R"({"iss":")" + issuer() + R"(","sub":")" + subject + R"(","aud":")" +
                                   asked.at("client_id") + R"(","nonce":")" + asked.at("nonce") + R"(","iat":)" +
                                   std::to_string(seconds) + R"(,"exp":)" + std::to_string(seconds + 300) +
                                   R"(,"email":")" + email + R"(","email_verified":true,"name":"Ada")" + more + '}'};
        return code;
    }

    void rotate(const std::string& kid) {
        const std::lock_guard lock(mutex_);
        key_ = SigningKey(kid);
    }
    // Answers everything with this status; 0: as usual.
    void fail_with(unsigned status) {
        const std::lock_guard lock(mutex_);
        failure_ = status;
    }
    // What the token endpoint answers with in the place of a token of its own; empty: nothing.
    void answer_with_token(std::string token) {
        const std::lock_guard lock(mutex_);
        token_ = std::move(token);
    }
    // Members of the metadata, with a comma before them.
    void add_metadata(std::string more) {
        const std::lock_guard lock(mutex_);
        metadata_ = std::move(more);
    }
    int fetches_of_keys() const {
        const std::lock_guard lock(mutex_);
        return fetches_of_keys_;
    }
    std::vector<std::string> authorizations() const {
        const std::lock_guard lock(mutex_);
        return authorizations_;
    }

private:
    struct Code {
        std::map<std::string, std::string> asked;
        std::string claims;
    };

    void add_routes(net::Router& router) {
        router.sync(net::Method::get, "/.well-known/openid-configuration",
                    [this](net::Request&, net::Response& response) {
                        const std::lock_guard lock(mutex_);
                        if (is_down(response)) return;
                        response.body = R"({"issuer":")" + issuer() + R"(","authorization_endpoint":")" + issuer() +
                                        R"(/auth","token_endpoint":")" + issuer() + R"(/token","jwks_uri":")" +
                                        issuer() + R"(/jwks")" + metadata_ + '}';
                    });
        router.sync(net::Method::get, "/jwks", [this](net::Request&, net::Response& response) {
            const std::lock_guard lock(mutex_);
            ++fetches_of_keys_;
            if (!is_down(response)) response.body = "{\"keys\":[" + key_.jwk() + "]}";
        });
        router.sync(net::Method::post, "/token", [this](net::Request& request, net::Response& response) {
            const std::lock_guard lock(mutex_);
            authorizations_.emplace_back(request.header("Authorization"));
            if (!is_down(response)) exchange(parameters_of('?' + std::string(request.body)), response);
        });
    }

    bool is_down(net::Response& response) const {
        response.status = failure_ == 0 ? 200 : failure_;
        return failure_ != 0;
    }

    // Takes a code once, for the verifier and the address of the browser's request.
    void exchange(const std::map<std::string, std::string>& form, net::Response& response) {
        const auto found = codes_.find(form.contains("code") ? form.at("code") : "");
        const auto is_right = [&] {
            const auto hash = sha256(form.at("code_verifier"));
            return found->second.asked.at("code_challenge") == to_base64url(as_view(hash)) &&
                   found->second.asked.at("redirect_uri") == form.at("redirect_uri");
        };
        if (found == codes_.end() || !is_right()) {
            response.status = 400;
            response.body = R"({"error":"invalid_grant"})";
            return;
        }
        const auto token = token_.empty() ? key_.token(found->second.claims) : token_;
        codes_.erase(found);
        response.body = R"({"access_token":"a","token_type":"Bearer","id_token":")" + token + "\"}";
    }

    mutable std::mutex mutex_;
    const Clock& clock_;
    SigningKey key_;
    std::map<std::string, Code> codes_;
    int codes_made_ = 0;
    int fetches_of_keys_ = 0;
    unsigned failure_ = 0;
    std::string token_;
    std::string metadata_;
    std::vector<std::string> authorizations_;
    HttpServer server_;  // last: its thread uses the others
};

class SigningOn : public ApiFixture {
public:
    static inline const std::string me = "/api/v1/auth/me";

    SigningOn() : owner(bootstrap_owner("acme", "owner@example.com")), provider(clock) {}

    // `more`: members, with a comma before them.
    Reply add_provider(const std::string& more = R"(,"domains":["example.com"],"adds_members":true)",
                       const std::string& org = "acme", const std::string& token = "") {
        return post("/api/v1/orgs/" + org + "/identity-providers", token.empty() ? owner : token,
                    R"({"key":"main","client_id":"fanion","client_secret":"s3cret","issuer":")" + provider.issuer() +
                        '"' + more + '}');
    }
    Reply change_provider(const std::string& body) {
        return patch("/api/v1/orgs/acme/identity-providers/main", owner, body);
    }

    struct Begun {
        Reply reply;
        std::map<std::string, std::string> asked;  // of the provider
        std::string cookie;
    };
    Begun begin(const std::string& query = "", const std::string& org = "acme", const std::string& key = "main") {
        Begun begun;
        begun.reply = send({.path = "/api/v1/auth/sign-on/" + org + '/' + key + query});
        begun.asked = parameters_of(begun.reply.header("Location"));
        begun.cookie = cookie_in(begun.reply, "__Host-fanion-sign-on=");
        return begun;
    }
    Reply come_back(const std::string& cookie, const std::string& query) {
        return send({.path = "/api/v1/auth/sign-on/callback?" + query, .headers = {{"Cookie", cookie}}});
    }
    Reply come_back(const Begun& begun, const std::string& code) {
        return come_back(begun.cookie, "code=" + code + "&state=" + begun.asked.at("state"));
    }
    Reply sign_on(const std::string& subject = "s-1", const std::string& email = "ada@example.com",
                  const std::string& claims = "", const std::string& org = "acme") {
        const auto begun = begin("", org);
        INFO(begun.reply.body);
        REQUIRE(begun.reply.status == 303);
        return come_back(begun, provider.sign_in(begun.asked, subject, email, claims));
    }

    // "name=value" of the cookie whose name is `name`, with its equals sign.
    static std::string cookie_in(const Reply& reply, const std::string& name) {
        for (const auto& [header, value] : reply.headers) {
            if (equals_ignore_case_ascii(header, "Set-Cookie") && value.starts_with(name)) {
                return value.substr(0, value.find(';'));
            }
        }
        return "";
    }
    static std::string session_in(const Reply& reply) { return cookie_in(reply, "__Host-fanion="); }
    Reply as(const std::string& cookie, const std::string& path, net::Method method = net::Method::get,
             const std::string& body = "") {
        return send({method, path, "", body, {{"Cookie", cookie}, {"Origin", origin()}}});
    }
    std::string newest(const std::string& member, const std::string& org = "acme", const std::string& token = "") {
        return get("/api/v1/orgs/" + org + "/audit?limit=1", token.empty() ? owner : token)
            .at("/items/0/entry/" + member);
    }

    std::string owner;
    IdentityProvider provider;
};

}  // namespace fanion::test
