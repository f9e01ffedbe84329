#include "common/net/response.hpp"

#include "common/base/text.hpp"

namespace fanion::net {
namespace {

constexpr std::size_t kept_body_capacity = 256 * 1024;

// Details of internal errors are for our log, not for clients.
std::string_view public_detail(const Error& error) {
    switch (error.code) {
        case Errc::internal:
            return internal_error_detail;
        case Errc::network:
            return "a service this one depends on could not be reached";
        default:
            return error.detail;
    }
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":";
    append_json_string(out, value);
}

void append_findings(std::string& out, const std::vector<Finding>& findings) {
    out += ",\"errors\":[";
    for (const auto& finding : findings) {
        out += out.back() == '[' ? "{" : ",{";
        if (!finding.item.empty()) append_member(out, "item", finding.item);
        append_member(out, "pointer", finding.pointer);
        append_member(out, "code", finding.code);
        append_member(out, "detail", finding.detail);
        out += '}';
    }
    out += ']';
}

Response make_problem(unsigned status, std::string_view detail, const std::vector<Finding>& findings,
                      std::string_view request_id) {
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    auto& out = response.body;
    out = "{\"type\":\"about:blank\"";
    append_member(out, "title", reason_phrase(status));
    out += ",\"status\":" + std::to_string(status);
    append_member(out, "detail", detail);
    if (!findings.empty()) append_findings(out, findings);
    if (!request_id.empty()) append_member(out, "request_id", request_id);
    out += '}';
    return response;
}

}  // namespace

void Response::clear() {
    status = 200;
    content_type = "application/json";
    headers.clear();
    body.clear();
    if (body.capacity() > kept_body_capacity) body.shrink_to_fit();
    shared_body.reset();
    shared_rest.clear();
    close = false;
}

std::size_t Response::body_size() const noexcept {
    auto size = bytes().size();
    for (const auto& part : shared_rest) size += part->size();
    return size;
}

Response json_response(std::string body, unsigned status) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

Response empty_response(unsigned status) {
    Response response;
    response.status = status;
    response.content_type = {};
    return response;
}

unsigned status_of(Errc code) noexcept {
    switch (code) {
        case Errc::invalid_input:
            return 400;
        case Errc::unauthenticated:
            return 401;
        case Errc::forbidden:
            return 403;
        case Errc::not_found:
            return 404;
        case Errc::method_not_allowed:
            return 405;
        case Errc::conflict:
            return 409;
        case Errc::precondition_failed:
            return 412;
        case Errc::too_large:
            return 413;
        case Errc::unsupported_media_type:
            return 415;
        case Errc::unprocessable:
            return 422;
        case Errc::precondition_required:
            return 428;
        case Errc::rate_limited:
            return 429;
        case Errc::internal:
            return 500;
        case Errc::network:
            return 502;
        case Errc::unavailable:
            return 503;
        case Errc::timed_out:
            return 504;
    }
    return 500;
}

Response problem(const Error& error, std::string_view request_id) {
    return make_problem(status_of(error.code), public_detail(error), error.findings, request_id);
}

Response problem(unsigned status, std::string_view detail, std::string_view request_id) {
    return make_problem(status, detail, {}, request_id);
}

}  // namespace fanion::net
