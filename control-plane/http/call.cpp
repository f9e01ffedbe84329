#include "control-plane/http/call.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::http {
namespace {

// "application/json; charset=utf-8" -> "application/json"
std::string media_type(std::string_view header) { return to_lower_ascii(trim(header.substr(0, header.find(';')))); }

bool is_json_type(const Call& call) {
    const auto type = media_type(call.request.header("content-type"));
    return type == "application/json" ||
           (call.request.method == net::Method::patch && type == "application/merge-patch+json");
}

// RFC 9110, 13.1: a list of entity tags or "*". Weak tags match only where `allow_weak`.
bool names_tag(std::string_view header, const std::string& tag, bool allow_weak) {
    for (auto part : split(header, ',')) {
        part = trim(part);
        if (part == "*" || part == tag) return true;
        if (allow_weak && part.starts_with("W/") && part.substr(2) == tag) return true;
    }
    return false;
}

Error bad_query(std::string_view name, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", "?" + std::string(name), std::move(code), detail}}};
}

}  // namespace

Error not_found(std::string_view what) { return {Errc::not_found, "there is no such " + std::string(what), {}}; }

Error forbidden(access::Permission needed) {
    return {Errc::forbidden, "your role lacks the permission " + std::string(access::name_of(needed)), {}};
}

Error conflict(std::string pointer, std::string code, std::string detail) {
    return {Errc::conflict, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

Result<std::unique_ptr<json::Document>> read_body(Call& call) {
    if (!is_json_type(call)) {
        return Error{Errc::unsupported_media_type, "the body must be JSON, with Content-Type: application/json", {}};
    }
    auto document = std::make_unique<json::Document>();
    if (auto parsed = document->parse(call.request.body); !parsed) return parsed.error();
    std::vector<Finding> findings;
    if (!document->root().is(json::Kind::object)) {
        findings.push_back({"", "", "wrong_type", "the body must be a JSON object"});
    }
    body::find_duplicates(document->root(), findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return document;
}

Result<> check_query(Call& call) {
    auto parameters = call.request.query_parameters();
    if (!parameters) return parameters.error();
    const auto known = split(call.route.query, ' ');
    std::vector<std::string_view> seen;
    for (const auto& [name, value] : *parameters) {
        if (name.empty() || std::find(known.begin(), known.end(), name) == known.end()) {
            return bad_query(name, "unknown_parameter", "this resource takes no query parameter '" + name + "'");
        }
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            return bad_query(name, "duplicate_parameter", "the query parameter '" + name + "' is given more than once");
        }
        if (name == "strict" && value != "true" && value != "false") {
            return bad_query(name, "malformed", "`strict` is `true` or `false`");
        }
        seen.push_back(name);
    }
    return boost::system::in_place_value;
}

std::optional<std::string> query(Call& call, std::string_view name) {
    auto parameters = call.request.query_parameters();
    if (!parameters) return std::nullopt;
    for (auto& [key, value] : *parameters) {
        if (key == name) return std::move(value);
    }
    return std::nullopt;
}

Result<Page> read_page(Call& call) {
    Page page;
    if (const auto text = query(call, "limit")) {
        const auto limit = parse_u64(*text);
        if (!limit || *limit < 1 || *limit > 200)
            return bad_query("limit", "out_of_range", "limit is a number from 1 to 200");
        page.limit = static_cast<std::size_t>(*limit);
    }
    if (const auto text = query(call, "cursor")) {
        const auto after = from_base64url(*text);
        if (!after || !is_valid_key(*after))
            return bad_query("cursor", "bad_cursor", "cursor must be the `next` of a page of this list");
        page.after = *after;
    }
    return page;
}

std::string cursor_after(std::string_view last) { return to_base64url(last); }

std::string etag(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

std::string content_etag(std::string_view body) { return '"' + to_hex(sha256(body)).substr(0, 16) + '"'; }

net::Response resource_response(Call& call, std::string body, std::string tag) {
    const bool is_read = call.request.method == net::Method::get || call.request.method == net::Method::head;
    const auto if_none_match = call.request.header("if-none-match");
    const bool is_known = is_read && !if_none_match.empty() && names_tag(if_none_match, tag, true);
    auto response = is_known ? net::empty_response(304) : net::json_response(std::move(body));
    response.set("ETag", std::move(tag));
    return response;
}

std::optional<Result<net::Response>> failed_precondition(Call& call, const std::string& tag, std::string present,
                                                         bool is_required) {
    const auto if_match = call.request.header("if-match");
    if (if_match.empty()) {
        if (!is_required) return std::nullopt;
        return Error{Errc::precondition_required,
                     "this changes a protected environment: send the ETag of the version you edited as If-Match",
                     {}};
    }
    if (names_tag(if_match, tag, false)) return std::nullopt;
    auto response = net::json_response(std::move(present), 412);
    response.set("ETag", tag);
    return response;
}

}  // namespace fanion::cp::http
