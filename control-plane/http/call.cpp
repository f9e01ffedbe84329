#include "control-plane/http/call.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/net/conditional.hpp"
#include "common/net/media_type.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/enclosure.hpp"
#include "control-plane/http/scim_form.hpp"

namespace fanion::cp::http {
namespace {

constexpr std::size_t comment_bytes = 1000;

Error unsupported_type(const Call& call) {
    std::string detail = "the body must be JSON, with Content-Type: application/json";
    if (call.request.method == net::Method::patch && call.route.patches == PatchForms::all)
        detail +=
            ", application/merge-patch+json, application/json-patch+json or "
            "application/vnd.fanion.instructions+json";
    return unsupported_media("Content-Type", std::move(detail));
}

// `name` may be any bytes.
Error bad_query(std::string_view name, std::string code, std::string detail) {
    const auto pointer = '?' + (is_text(name) ? std::string(name) : percent_encode(name));
    return {Errc::invalid_input, detail, {{"", pointer, std::move(code), detail}}};
}

Error not_text(std::string pointer) {
    auto detail = pointer + " must be UTF-8 without U+0000";
    return {Errc::invalid_input, detail, {{"", std::move(pointer), "bad_character", detail}}};
}

// The name in a segment "{name}" of a pattern; empty for a literal.
std::string_view name_in(std::string_view segment) {
    return segment.starts_with('{') ? segment.substr(1, segment.size() - 2) : std::string_view();
}

}  // namespace

const std::string& Principal::actor_id() const noexcept {
    switch (kind) {
        case access::ActorKind::service:
            return account_id.str();
        case access::ActorKind::key:
            return key_id.str();
        case access::ActorKind::user:
        case access::ActorKind::anonymous:
        case access::ActorKind::host_operator:  // these two never send a request
        case access::ActorKind::system:
            break;
    }
    return user_id.str();
}

std::string Principal::credential_id() const {
    if (is_key()) return key_id.str();
    if (is_token()) return (is_service() ? "fan_svc_" : "fan_pat_") + token_id.str();
    return session_id.str();
}

bool is_text(std::string_view bytes) noexcept {
    return bytes.find('\0') == std::string_view::npos && is_valid_utf8(bytes);
}

std::string path_of(const Call& call) {
    std::string path;
    for (const auto segment : split(call.route.pattern.substr(1), '/')) {
        const auto name = name_in(segment);
        path += '/' + (name.empty() ? std::string(segment) : percent_encode(call.request.param(name)));
    }
    return path;
}

std::optional<body::PatchForm> patch_form(const Call& call) {
    using body::PatchForm;
    const auto type = call.request.header("Content-Type");
    if (is_scim(call.route) && net::has_media_type(type, scim_media_type)) return PatchForm::merge;
    if (net::has_media_type(type, "application/json")) return PatchForm::merge;
    if (call.request.method != net::Method::patch) return std::nullopt;
    if (net::has_media_type(type, "application/merge-patch+json")) return PatchForm::merge;
    if (call.route.patches != PatchForms::all) return std::nullopt;
    if (net::has_media_type(type, "application/json-patch+json")) return PatchForm::json_patch;
    if (net::has_media_type(type, "application/vnd.fanion.instructions+json")) return PatchForm::instructions;
    return std::nullopt;
}

Result<> admit(Call& call) {
    const auto wanted = call.route.caller;
    const auto& who = call.principal;
    if (wanted != Caller::any && who.is_service()) {
        return forbidden("person_required", "service accounts cannot do this: a person signs in for it");
    }
    if (wanted == Caller::session && who.is_token()) {
        return forbidden("session_required", "tokens cannot do this: sign in for it");
    }
    if (call.request.param("org").empty()) {
        if (who.only_org.empty() || call.route.account == Account::not_needed) return boost::system::in_place_value;
        return forbidden("account_required",
                         "who was signed in by an organisation's identity provider acts in that organisation only");
    }
    const auto project = call.request.param("project");
    const auto environment = call.request.param("env");
    call.permissions = call.permissions_at(project, environment);
    const auto needed = call.route.permission;
    if (call.has_permission(needed)) return boost::system::in_place_value;
    const bool is_hidden = !project.empty() && !call.has_permission(access::Permission::read);
    if (!is_hidden) return forbidden(needed);
    const bool is_project_shown = call.permissions_at(project, {}).has(access::Permission::read);
    return is_project_shown ? not_found("environment", "{env}") : not_found("project", "{project}");
}

Error not_found(std::string_view what, std::string pointer) {
    Error error{Errc::not_found, "there is no such " + std::string(what), {}};
    if (!pointer.empty()) error.findings.push_back({"", std::move(pointer), "not_found", error.detail});
    return error;
}

Error forbidden(access::Permission needed) {
    return {
        Errc::forbidden, "your role or your token lacks the permission " + std::string(access::name_of(needed)), {}};
}

Error forbidden(std::string code, std::string detail) {
    return {Errc::forbidden, detail, {{"", "", std::move(code), detail}}};
}

Result<> require_permission(const Call& call, access::Permission needed) {
    if (!call.has_permission(needed)) return forbidden(needed);
    return boost::system::in_place_value;
}

access::Permission permission_to_edit(const Call& call, bool is_protected) noexcept {
    const bool is_proposal = call.enclosure && call.enclosure->is_proposal;
    const bool is_undone = is_proposal || call.is_dry_run || call.request.query("dry_run") == "true";
    return access::permission_to_edit(is_protected && !is_undone);
}

Result<> require_permission_in(const Call& call, std::string_view environment, access::Permission needed) {
    if (call.permissions_in(environment).has(needed)) return boost::system::in_place_value;
    const auto name = std::string(access::name_of(needed));
    const auto place = call.may_read_in(environment) ? "the environment " + std::string(environment)
                                                     : std::string("an environment that this reaches");
    return Error{Errc::forbidden, "your role lacks the permission " + name + " in " + place, {}};
}

Result<> require_throughout(const Call& call, access::Permission needed) {
    if (call.permissions_throughout().has(needed)) return boost::system::in_place_value;
    const auto name = std::string(access::name_of(needed));
    return Error{
        Errc::forbidden, "this reaches projects or environments in which your role lacks the permission " + name, {}};
}

Error conflict(std::string pointer, std::string code, std::string detail) {
    return {Errc::conflict, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

Error unsupported_media(std::string header, std::string detail) {
    return {Errc::unsupported_media_type, detail, {{"", std::move(header), "unsupported_type", detail}}};
}

Result<std::unique_ptr<json::Document>> read_body(Call& call) {
    const auto form = patch_form(call);
    if (!form) return unsupported_type(call);
    if (!net::is_identity(call.request.header("Content-Encoding"))) {
        return unsupported_media("Content-Encoding", "the body must be sent as it is, without a Content-Encoding");
    }
    auto document = std::make_unique<json::Document>();
    if (auto parsed = document->parse(call.request.body); !parsed) return parsed.error();
    std::vector<Finding> findings;
    const bool is_list = form == body::PatchForm::json_patch;
    if (!document->root().is(is_list ? json::Kind::array : json::Kind::object)) {
        findings.push_back({"", "", "wrong_type",
                            is_list ? "a JSON Patch is a JSON array of operations" : "the body must be a JSON object"});
    }
    body::find_unacceptable(document->root(), findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return document;
}

Result<std::string> read_comment(Call& call, json::Value body) {
    auto in_query = call.request.query("comment").value_or("");
    std::vector<Finding> findings;
    json::Reader r(body, findings);
    auto comment = r.optional_string("comment").value_or("");
    if (comment.size() > comment_bytes)
        r.fail_at("comment", "too_long", "a comment has at most " + std::to_string(comment_bytes) + " bytes");
    if (!comment.empty() && !in_query.empty())
        r.fail_at("comment", "malformed", "give the comment in the body or as ?comment=, not both");
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return comment.empty() ? in_query : comment;
}

Result<> check_path(const Call& call) {
    for (const auto segment : split(call.route.pattern, '/')) {
        const auto name = name_in(segment);
        if (!is_text(call.request.param(name))) return not_text('{' + std::string(name) + '}');
    }
    return boost::system::in_place_value;
}

Result<> check_query(Call& call) {
    auto parameters = call.request.query_parameters();
    if (!parameters) return parameters.error();
    const auto known = split(call.route.query, ' ');
    const bool ignores_others = std::find(known.begin(), known.end(), "...") != known.end();
    std::vector<std::string_view> seen;
    for (const auto& [name, value] : *parameters) {
        if (!is_text(name)) return bad_query(name, "bad_character", "the name of a query parameter must be UTF-8");
        if (!is_text(value)) return not_text('?' + name);
        const bool is_comment = name == "comment" && takes_comment(call.route);
        const bool is_list = std::find(known.begin(), known.end(), name + '*') != known.end();
        const bool is_known =
            is_comment || is_list || ignores_others || std::find(known.begin(), known.end(), name) != known.end();
        if (name.empty() || !is_known) {
            return bad_query(name, "unknown_parameter", "this resource takes no query parameter '" + name + "'");
        }
        if (!is_list && std::find(seen.begin(), seen.end(), name) != seen.end()) {
            return bad_query(name, "duplicate_parameter", "the query parameter '" + name + "' is given more than once");
        }
        if (name == "comment" && value.size() > comment_bytes) {
            return bad_query(name, "too_long", "a comment has at most " + std::to_string(comment_bytes) + " bytes");
        }
        const bool is_switch = name == "strict" || name == "dry_run";
        if (is_switch && value != "true" && value != "false") {
            return bad_query(name, "malformed", '`' + name + "` is `true` or `false`");
        }
        if (name == "stage" && value != "skip") return bad_query(name, "malformed", "`stage` is `skip`");
        seen.push_back(name);
    }
    return boost::system::in_place_value;
}

Result<Page> read_page(Call& call) {
    Page page;
    if (const auto text = call.request.query("limit")) {
        const auto limit = parse_u64(*text);
        if (!limit || *limit < 1 || *limit > 200)
            return bad_query("limit", "out_of_range", "limit is a number from 1 to 200");
        page.limit = static_cast<std::size_t>(*limit);
    }
    if (const auto text = call.request.query("cursor")) {
        const auto after = from_base64url(*text);
        if (!after || after->empty() || !is_text(*after))
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
    const bool is_known = is_read && net::has_current(call.request, tag);
    auto response = is_known ? net::empty_response(304) : net::json_response(std::move(body));
    response.set("ETag", std::move(tag));
    return response;
}

std::optional<Result<net::Response>> failed_precondition(Call& call, const std::string& tag, std::string present,
                                                         bool is_required) {
    const auto if_match = net::evaluate_if_match(call.request, tag);
    if (if_match == net::IfMatch::absent) {
        if (!is_required) return std::nullopt;
        const char* const detail =
            "this changes a protected environment: send the ETag of the version you edited as If-Match";
        return Error{Errc::precondition_required, detail, {{"", "If-Match", "required", detail}}};
    }
    if (if_match == net::IfMatch::holds) return std::nullopt;
    auto response = net::json_response(std::move(present), 412);
    response.set("ETag", tag);
    return response;
}

}  // namespace fanion::cp::http
