#include "control-plane/grpc/rpc_status.hpp"

#include <algorithm>

#include "common/base/protobuf.hpp"
#include "common/base/text.hpp"
#include "common/json/tree.hpp"
#include "control-plane/grpc/translation.hpp"

namespace fanion::cp::grpc {
namespace {

constexpr std::string_view code_names[code_count] = {
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

constexpr std::string_view domain = "fanion";
constexpr std::string_view type_prefix = "type.googleapis.com/google.rpc.";
// Details are a header: clients accept 8 KiB of headers by default, and the binary is sent as base64.
constexpr std::size_t most_violations = 10;
constexpr std::size_t most_text = 200;
constexpr std::size_t most_message = 1000;

// Codes of conflicts (409) that have a code of their own in gRPC.
constexpr std::string_view existing[] = {"taken", "retired", "already_member"};
constexpr std::string_view bounds[] = {"quota_exceeded", "limit", "too_many"};

struct Violation {
    std::string field;
    std::string reason;
    std::string detail;
};

struct Problem {
    std::string detail;
    std::string request_id;
    std::vector<Violation> violations;
};

std::string text_member(const json::Tree& object, std::string_view name) {
    const auto* found = object.find(name);
    return found && found->is(json::Kind::string) ? found->as_string() : std::string();
}

Problem read_problem(const Rpc& rpc, const net::Response& response) {
    Problem problem;
    const auto body = json::Tree::parse(response.bytes());
    if (!body || response.content_type != "application/problem+json") return problem;
    problem.detail = text_member(*body, "detail");
    const auto* errors = body->find("errors");
    if (!errors || !errors->is(json::Kind::array)) return problem;
    for (const auto& error : errors->elements()) {
        if (problem.violations.size() == most_violations) break;
        auto field = field_path(rpc, text_member(error, "pointer"));
        // A place in another item than the edited one is no field of the request.
        if (const auto item = text_member(error, "item"); !item.empty()) field = item + text_member(error, "pointer");
        problem.violations.push_back({std::move(field), text_member(error, "code"), text_member(error, "detail")});
    }
    return problem;
}

std::string upper_snake(std::string_view code) {
    std::string upper(code);
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    return upper;
}

// The problem's code; of a problem without one what HTTP calls its status.
std::string reason_of(unsigned http_status, const Problem& problem) {
    if (!problem.violations.empty() && !problem.violations.front().reason.empty()) {
        return upper_snake(problem.violations.front().reason);
    }
    auto reason = upper_snake(net::reason_phrase(http_status));
    std::ranges::replace_if(
        reason, [](char c) { return c < 'A' || c > 'Z'; }, '_');
    return reason;
}

std::string packed(std::string_view type, const std::string& message) {
    protobuf::Writer any;
    any.text(1, std::string(type_prefix) + std::string(type)).text(2, message);
    return any.bytes();
}

std::string error_info(std::string_view reason, unsigned http_status) {
    protobuf::Writer entry;
    entry.text(1, "http_status").text(2, std::to_string(http_status));
    protobuf::Writer info;
    info.text(1, reason).text(2, domain).text(3, entry.bytes());
    return packed("ErrorInfo", info.bytes());
}

std::string bad_request(const Problem& problem) {
    protobuf::Writer request;
    for (const auto& [field, reason, detail] : problem.violations) {
        protobuf::Writer violation;
        violation.text(1, shortened(field, most_text))
            .text(2, shortened(detail, most_text))
            .text(3, upper_snake(reason));
        request.text(1, violation.bytes());
    }
    return packed("BadRequest", request.bytes());
}

std::string request_info(std::string_view request_id) {
    protobuf::Writer info;
    info.text(1, request_id);
    return packed("RequestInfo", info.bytes());
}

std::string retry_info(std::uint64_t seconds) {
    protobuf::Writer duration;
    duration.number(1, seconds);
    protobuf::Writer info;
    info.text(1, duration.bytes());
    return packed("RetryInfo", info.bytes());
}

std::optional<std::uint64_t> retry_after(const net::Response& response) {
    for (const auto& [name, value] : response.headers) {
        if (name == "Retry-After") return parse_u64(value);
    }
    return std::nullopt;
}

// The body of a 412 is the present state: the message says what happened.
std::string message_of(unsigned http_status, const Problem& problem) {
    if (!problem.detail.empty()) return problem.detail;
    if (http_status == 412) return "the resource has changed: its etag is another one";
    return std::string(net::reason_phrase(http_status));
}

}  // namespace

std::string_view name_of(Code code) noexcept { return code_names[static_cast<std::size_t>(code)]; }

Code code_of(unsigned http_status, std::string_view reason) noexcept {
    switch (http_status) {
        case 400:
        case 415:
            return Code::invalid_argument;
        case 401:
            return Code::unauthenticated;
        case 403:
            return Code::permission_denied;
        case 404:
            return Code::not_found;
        case 409:
            if (std::ranges::find(existing, reason) != std::end(existing)) return Code::already_exists;
            if (std::ranges::find(bounds, reason) != std::end(bounds)) return Code::resource_exhausted;
            return Code::failed_precondition;
        case 412:
            return Code::aborted;
        case 413:
        case 429:
            return Code::resource_exhausted;
        case 422:
        case 428:
            return Code::failed_precondition;
        case 405:
            return Code::unimplemented;
        case 499:  // cancelled_status
            return Code::cancelled;
        case 502:
        case 503:
            return Code::unavailable;
        case 504:
            return Code::deadline_exceeded;
        default:
            return Code::internal;
    }
}

RpcStatus status_of(const Rpc& rpc, const net::Response& response, std::string_view request_id) {
    const auto problem = read_problem(rpc, response);
    const auto reason = problem.violations.empty() ? std::string_view() : problem.violations.front().reason;
    RpcStatus status{code_of(response.status, reason), shortened(message_of(response.status, problem), most_message)};
    protobuf::Writer details;
    details.number(1, static_cast<std::uint64_t>(status.code)).text(2, status.message);
    details.text(3, error_info(reason_of(response.status, problem), response.status));
    if (!problem.violations.empty()) details.text(3, bad_request(problem));
    if (const auto seconds = retry_after(response)) details.text(3, retry_info(*seconds));
    if (!request_id.empty()) details.text(3, request_info(request_id));
    status.details = details.bytes();
    return status;
}

}  // namespace fanion::cp::grpc
