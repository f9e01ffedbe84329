#include "control-plane/grpc/rpc_status.hpp"

#include <catch2/catch.hpp>

#include "common/base/protobuf.hpp"

using namespace fanion;
using namespace fanion::cp::grpc;

namespace {

const Rpc& create_flag() {
    const auto* rpc = find_rpc("FlagService", "CreateFlag");
    REQUIRE(rpc);
    return *rpc;
}

bool has_text(const std::string& bytes, std::string_view text) { return bytes.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("every status of the admin API has a code") {
    struct Row {
        unsigned http_status;
        std::string_view reason;
        Code code;
    };
    const Row rows[] = {
        {400, "missing", Code::invalid_argument},
        {401, "", Code::unauthenticated},
        {403, "", Code::permission_denied},
        {404, "", Code::not_found},
        {405, "", Code::unimplemented},
        {409, "taken", Code::already_exists},
        {409, "retired", Code::already_exists},
        {409, "quota_exceeded", Code::resource_exhausted},
        {409, "limit", Code::resource_exhausted},
        {409, "approval_required", Code::failed_precondition},
        {412, "", Code::aborted},
        {413, "", Code::resource_exhausted},
        {415, "", Code::invalid_argument},
        {422, "unknown_rule", Code::failed_precondition},
        {428, "", Code::failed_precondition},
        {429, "", Code::resource_exhausted},
        {499, "", Code::cancelled},
        {500, "", Code::internal},
        {502, "", Code::unavailable},
        {503, "", Code::unavailable},
        {504, "", Code::deadline_exceeded},
        {418, "", Code::internal},
    };
    for (const auto& [http_status, reason, code] : rows) {
        CAPTURE(http_status, reason);
        CHECK(name_of(code_of(http_status, reason)) == name_of(code));
    }
}

TEST_CASE("a problem becomes details") {
    Error error{Errc::invalid_input, "the body is not valid"};
    error.findings.push_back({"", "/variations/0/key", "missing", "key is required"});
    const auto status = cp::grpc::status_of(create_flag(), net::problem(error, "r-1"), "r-1");
    CHECK(status.code == Code::invalid_argument);
    CHECK(status.message == "the body is not valid");
    for (const auto* text : {"type.googleapis.com/google.rpc.ErrorInfo", "type.googleapis.com/google.rpc.BadRequest",
                             "type.googleapis.com/google.rpc.RequestInfo", "MISSING", "fanion", "http_status", "400",
                             "flag.variations[0].key", "key is required", "r-1"}) {
        CAPTURE(text);
        CHECK(has_text(status.details, text));
    }
    CHECK_FALSE(has_text(status.details, "RetryInfo"));
}

TEST_CASE("a problem without findings is named as HTTP names its status") {
    const auto status =
        cp::grpc::status_of(create_flag(), net::problem(Error{Errc::not_found, "there is no such project"}, {}), {});
    CHECK(has_text(status.details, "NOT_FOUND"));
    CHECK_FALSE(has_text(status.details, "BadRequest"));
    CHECK_FALSE(has_text(status.details, "RequestInfo"));
}

TEST_CASE("when to try again is said") {
    auto response = net::problem(Error{Errc::rate_limited, "too many requests"}, {});
    response.set("Retry-After", "7");
    const auto status = cp::grpc::status_of(create_flag(), response, {});
    CHECK(status.code == Code::resource_exhausted);
    CHECK(has_text(status.details, "google.rpc.RetryInfo"));
}

TEST_CASE("a stale etag is told without the present state") {
    const auto status = cp::grpc::status_of(
        create_flag(),
        [] {
            auto response = net::json_response(R"({"key":"f","detail":"of the resource"})", 412);
            response.set("ETag", "\"4\"");
            return response;
        }(),
        "r");
    CHECK(status.code == Code::aborted);
    CHECK(status.message == "the resource has changed: its etag is another one");
    CHECK(has_text(status.details, "PRECONDITION_FAILED"));
}

TEST_CASE("details have a bound") {
    Error error{Errc::invalid_input, "many"};
    for (int i = 0; i < 1000; ++i) error.findings.push_back({"", "/x", "bad", std::string(1000, 'x')});
    CHECK(cp::grpc::status_of(create_flag(), net::problem(error, {}), {}).details.size() < 6000);
}

TEST_CASE("fields are written as protobuf encodes them") {
    protobuf::Writer writer;
    writer.number(1, 150).text(2, "testing");
    CHECK(writer.bytes() == std::string("\x08\x96\x01\x12\x07testing", 12));
}
