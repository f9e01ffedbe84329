#include "control-plane/grpc/translation.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::grpc;

namespace {

const Rpc& rpc_named(std::string_view service, std::string_view name) {
    const auto* rpc = find_rpc(service, name);
    REQUIRE(rpc);
    return *rpc;
}

json::Tree tree(std::string_view text) {
    auto parsed = json::Tree::parse(text);
    REQUIRE(parsed);
    return std::move(*parsed);
}

Result<RestRequest> rest_of(std::string_view service, std::string_view name, std::string_view fields) {
    return to_rest(rpc_named(service, name), tree(fields));
}

std::string header_named(const RestRequest& request, std::string_view name) {
    for (const auto& [known, value] : request.headers) {
        if (known == name) return value;
    }
    return {};
}

std::string fields_of(std::string_view service, std::string_view name, const net::Response& response) {
    return to_fields(rpc_named(service, name), response).value().to_text();
}

}  // namespace

TEST_CASE("fields become the path, the body and the options of a change") {
    const auto request = rest_of("FlagService", "CreateFlag",
                                 R"({"org":"acme","project":"web","flag":{"key":"f","type":"boolean"},)"
                                 R"("options":{"comment":"a & b","strict":true,"idempotency_key":"k"}})");
    REQUIRE(request);
    CHECK(request->method == net::Method::post);
    CHECK(request->target == "/api/v1/orgs/acme/projects/web/flags?comment=a%20%26%20b&strict=true");
    CHECK(request->body == R"({"key":"f","type":"boolean"})");
    CHECK(header_named(*request, "Content-Type") == "application/json");
    CHECK(header_named(*request, "Idempotency-Key") == "k");
}

TEST_CASE("the etag of a change is If-Match, and instructions are the body") {
    const auto request = rest_of("FlagConfigurationService", "ChangeFlagConfiguration",
                                 R"({"org":"acme","project":"web","flag":"f","environment":"production",)"
                                 R"("instructions":[{"kind":"turn_on"}],"options":{"etag":"\"3\"","dry_run":true}})");
    REQUIRE(request);
    CHECK(request->target == "/api/v1/orgs/acme/projects/web/flags/f/environments/production?dry_run=true");
    CHECK(request->body == R"({"instructions":[{"kind":"turn_on"}]})");
    CHECK(header_named(*request, "If-Match") == "\"3\"");
    CHECK(header_named(*request, "Content-Type") == "application/vnd.fanion.instructions+json");
}

TEST_CASE("what the path does not name is the query of a list") {
    const auto request = rest_of("FlagService", "ListFlags",
                                 R"({"org":"acme","project":"web","page_size":10,"page_token":"c","tag":["a","b"],)"
                                 R"("include_total":true,"owner":""})");
    REQUIRE(request);
    CHECK(request->target == "/api/v1/orgs/acme/projects/web/flags?limit=10&cursor=c&tag=a&tag=b&total=true&owner=");
    CHECK(request->body.empty());
    const auto audit = rest_of("AuditService", "ListAuditEntries", R"({"org":"acme","environment":"e","text":"abc"})");
    REQUIRE(audit);
    CHECK(audit->target == "/api/v1/orgs/acme/audit?env=e&text=abc");
}

TEST_CASE("a name cannot leave its segment of the path") {
    const auto request = rest_of("FlagService", "GetFlag", R"({"org":"acme","project":"../x?y=1","flag":"a/b#c"})");
    REQUIRE(request);
    CHECK(request->target.find("/projects/..%2Fx%3Fy%3D1/flags/a%2Fb%23c") != std::string::npos);
}

TEST_CASE("a field that the path needs must be there") {
    const auto request = rest_of("FlagService", "GetFlag", R"({"org":"acme"})");
    REQUIRE_FALSE(request);
    CHECK(request.error().code == Errc::invalid_input);
    REQUIRE(request.error().findings.size() == 2);
    CHECK(request.error().findings[0].pointer == "{project}");
    CHECK(request.error().findings[1].pointer == "{flag}");
}

TEST_CASE("keys are those of the place that is named") {
    CHECK(rest_of("KeyService", "ListKeys", R"({"org":"o"})")->target == "/api/v1/orgs/o/keys");
    CHECK(rest_of("KeyService", "ListKeys", R"({"org":"o","project":"p"})")->target ==
          "/api/v1/orgs/o/projects/p/keys");
    CHECK(rest_of("KeyService", "GetKey", R"({"org":"o","project":"p","environment":"e","key":"k"})")->target ==
          "/api/v1/orgs/o/projects/p/environments/e/keys/k");
    // An environment without its project is no place.
    const auto lost = rest_of("KeyService", "ListKeys", R"({"org":"o","environment":"e"})");
    REQUIRE_FALSE(lost);
    CHECK(lost.error().findings[0].pointer == "{project}");
}

TEST_CASE("a body beyond the limit of the admin API is refused") {
    auto fields = tree(R"({"org":"o","project":"p","flag":{}})");
    const std::string part(60'000, 'x');
    auto texts = json::Tree::array();
    for (int i = 0; i < 40; ++i) texts.elements().push_back(json::Tree::string(part));
    fields.find("flag")->set("tags", std::move(texts));
    const auto request = to_rest(rpc_named("FlagService", "CreateFlag"), std::move(fields));
    REQUIRE_FALSE(request);
    CHECK(request.error().code == Errc::too_large);
}

TEST_CASE("responses become the fields of the message") {
    auto page = net::json_response(R"({"items":[{"key":"web"}],"next":null})");
    CHECK(fields_of("ProjectService", "ListProjects", page) == R"({"projects":[{"key":"web"}]})");
    page.body = R"({"items":[],"next":"c","total":3})";
    CHECK(fields_of("FlagService", "ListFlags", page) == R"({"flags":[],"next_page_token":"c","total":3})");

    auto resource = net::json_response(R"({"key":"web"})");
    resource.set("ETag", "\"1\"");
    CHECK(fields_of("ProjectService", "GetProject", resource) == R"({"project":{"key":"web"},"etag":"\"1\""})");

    auto change = net::json_response(R"({"key":"f"})", 201);
    change.set("ETag", "\"2\"");
    change.set("Fanion-Ruleset-Version", "production=7.4711, staging=7.12");
    CHECK(fields_of("FlagService", "CreateFlag", change) ==
          R"({"flag":{"key":"f"},"result":{"etag":"\"2\"",)"
          R"("ruleset_versions":{"production":"7.4711","staging":"7.12"}}})");
    CHECK(fields_of("FlagService", "DeleteFlag", net::empty_response(204)) == R"({"result":{}})");
    CHECK(fields_of("FlagService", "CreateFlag", net::json_response(R"({"dry_run":true,"changes":[]})")) ==
          R"({"result":{"dry_run":{"dry_run":true,"changes":[]}}})");
    CHECK_FALSE(to_fields(rpc_named("ProjectService", "GetProject"), net::json_response("[1")));
    CHECK_FALSE(to_fields(rpc_named("ProjectService", "GetProject"), net::empty_response(204)));
}

TEST_CASE("pointers of problems are paths of fields") {
    const auto& create = rpc_named("FlagService", "CreateFlag");
    CHECK(field_path(create, "/variations/0/key") == "flag.variations[0].key");
    CHECK(field_path(create, "") == "flag");
    CHECK(field_path(create, "If-Match") == "options.etag");
    CHECK(field_path(create, "Idempotency-Key") == "options.idempotency_key");
    CHECK(field_path(create, "?comment") == "options.comment");
    CHECK(field_path(create, "{project}") == "project");
    CHECK(field_path(create, "Authorization") == "authorization");
    const auto& change = rpc_named("FlagConfigurationService", "ChangeFlagConfiguration");
    CHECK(field_path(change, "/instructions/2/rule") == "instructions[2].rule");
    CHECK(field_path(change, "{env}") == "environment");
    const auto& list = rpc_named("FlagService", "ListFlags");
    CHECK(field_path(list, "?limit") == "page_size");
    CHECK(field_path(list, "?cursor") == "page_token");
    CHECK(field_path(list, "?tag") == "tag");
}
