#include "common/cli/secrets.hpp"

#include <vector>

#include "common/cli/exchange.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {

void write_expiry(json::Writer& w, const std::string& expires) {
    if (expires == "never") {
        w.key("expires_at").null();
    } else if (!expires.empty()) {
        w.member("expires_at", expires);
    }
}

std::string rotation_of(std::int64_t overlap_seconds, const std::string& expires) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (overlap_seconds >= 0) w.member("overlap_seconds", overlap_seconds);
    write_expiry(w, expires);
    w.end_object();
    return body;
}

std::string end_of(json::Reader& item) {
    if (!item.is_null("revoked_at")) return "revoked";
    return item.is_null("expires_at") ? "never" : item.string("expires_at");
}

std::string last_use_of(json::Reader& item) {
    return item.is_null("last_used_at") ? "never" : item.string("last_used_at");
}

Exit print_new_secret(const Result<net::ClientResponse>& response, std::string_view member, const Terminal& terminal) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body : r.string(member));
    return Exit::ok;
}

}  // namespace fanion::cli
