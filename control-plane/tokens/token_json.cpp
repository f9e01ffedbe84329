#include "control-plane/tokens/token_json.hpp"

#include "control-plane/body/json_text.hpp"

namespace fanion::cp::tokens {
namespace {

void begin(json::Writer& w, const Token& token, std::string_view prefix, std::string_view secret) {
    w.begin_object().member("id", token.token_id.str()).member("prefix", prefix).member("name", token.name);
    if (!secret.empty()) w.member("token", secret);
}

void end(json::Writer& w, const Token& token) {
    w.key("scopes").begin_array();
    for (const auto& name : access::names_of(token.scopes)) w.string(name);
    w.end_array().member("created_at", format_rfc3339(token.created_at));
    body::write_time(w, "expires_at", token.expires_at);
    body::write_time(w, "revoked_at", token.revoked_at);
    body::write_time(w, "last_used_at", token.last_used_at);
    w.key("replaces");
    if (token.replaces.empty()) {
        w.null();
    } else {
        w.string(token.replaces.str());
    }
    w.end_object();
}

void write(json::Writer& w, const Token& token, std::string_view secret) {
    begin(w, token, prefix_of(token), secret);
    end(w, token);
}

void write(json::Writer& w, const ServiceToken& of, std::string_view secret) {
    begin(w, of.token, prefix_of(of), secret);
    w.member("account_id", of.account_id.str()).member("role", access::name_of(of.role));
    w.member("created_by", of.created_by);
    end(w, of.token);
}

template <class T>
std::string text_with(const T& token, std::string_view secret) {
    std::string out;
    json::Writer w(out);
    write(w, token, secret);
    return out;
}

}  // namespace

std::string prefix_of(const Token& token) { return "fan_pat_" + token.token_id.str(); }
std::string prefix_of(const ServiceToken& token) { return "fan_svc_" + token.token.token_id.str(); }

void write_token(json::Writer& w, const Token& token) { write(w, token, ""); }
void write_token(json::Writer& w, const ServiceToken& token) { write(w, token, ""); }

std::string token_text(const Token& token, std::string_view secret) { return text_with(token, secret); }
std::string token_text(const ServiceToken& token, std::string_view secret) { return text_with(token, secret); }

}  // namespace fanion::cp::tokens
