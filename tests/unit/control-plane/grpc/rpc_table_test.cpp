#include "control-plane/grpc/rpc_table.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "common/base/text.hpp"
#include "control-plane/app/admin_routes.hpp"
#include "control-plane/grpc/schema.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::grpc;

namespace {

bool is_name_in_braces(std::string_view step) { return step.starts_with('{'); }

// Names may differ: {env} is {environment}.
bool is_same_pattern(std::string_view a, std::string_view b) {
    const auto steps = split(a, '/');
    const auto others = split(b, '/');
    return std::ranges::equal(steps, others, [](std::string_view x, std::string_view y) {
        return x == y || (is_name_in_braces(x) && is_name_in_braces(y));
    });
}

const cp::http::Route* find_admin_route(net::Method method, std::string_view pattern) {
    for (const auto& route : cp::app::admin_routes()) {
        if (route.method == method && is_same_pattern(route.pattern, pattern)) return &route;
    }
    return nullptr;
}

// The names in braces.
std::vector<std::string> names_in(std::string_view path) {
    std::vector<std::string> names;
    for (auto at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1)) {
        names.emplace_back(path.substr(at + 1, path.find('}', at) - at - 1));
    }
    return names;
}

const Method* find_method(const Schema& schema, const Rpc& rpc) {
    const auto found = std::ranges::find_if(
        schema.methods(), [&](const Method& m) { return m.service == rpc.service && m.name == rpc.name; });
    return found == schema.methods().end() ? nullptr : &*found;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

const std::set<std::string> not_in_query = {"page_size", "page_token", "include_total", "options"};

// What to_rest() puts into the query, which the route must know.
void check_query(const Rpc& rpc, const std::vector<std::string>& fields, const cp::http::Route& route) {
    if (rpc.body_from == Body::rest) return;
    auto known = split(route.query, ' ');
    for (auto& name : known) name = name.ends_with('*') ? name.substr(0, name.size() - 1) : name;
    const auto is_known = [&](std::string_view name) { return std::ranges::find(known, name) != known.end(); };
    const auto in_path = names_in(rpc.path);
    for (const auto& field : fields) {
        if (contains(in_path, field) || not_in_query.contains(field) || field == rpc.body) continue;
        CAPTURE(field);
        CHECK(is_known(field));
    }
    if (contains(fields, "page_size")) CHECK(is_known("limit"));
    if (contains(fields, "page_token")) CHECK(is_known("cursor"));
    if (contains(fields, "include_total")) CHECK(is_known("total"));
}

}  // namespace

TEST_CASE("every RPC has one row in the table, and every row is an RPC") {
    const Schema schema;
    std::set<std::string> rows;
    for (const auto& rpc : rpc_table()) {
        const auto name = std::string(rpc.service) + '/' + std::string(rpc.name);
        CAPTURE(name);
        CHECK(rows.insert(name).second);
        CHECK(find_method(schema, rpc));
    }
    for (const auto& method : schema.methods()) {
        CAPTURE(method.path);
        const auto* rpc = find_rpc(method.service, method.name);
        REQUIRE(rpc);
        CHECK(method.streams == (rpc->answer_as == Answer::events));
        CHECK(method.path == '/' + std::string(package) + '.' + method.service + '/' + method.name);
        CHECK(method.request == std::string(package) + '.' + method.name + "Request");
        CHECK(method.response == std::string(package) + '.' + method.name + "Response");
    }
    CHECK(rows.size() == schema.methods().size());
}

TEST_CASE("every row leads to a route that takes what it sends") {
    const Schema schema;
    for (const auto& rpc : rpc_table()) {
        CAPTURE(rpc.service, rpc.name);
        const auto* method = find_method(schema, rpc);
        REQUIRE(method);
        const auto fields = schema.fields(method->request);
        for (const auto& pattern : route_patterns(rpc)) {
            CAPTURE(pattern);
            const auto* route = find_admin_route(rpc.method, pattern);
            REQUIRE(route);
            CHECK((route->stream != nullptr) == method->streams);
            check_query(rpc, fields, *route);
        }
    }
}

TEST_CASE("the fields that rows name are there") {
    const Schema schema;
    for (const auto& rpc : rpc_table()) {
        CAPTURE(rpc.service, rpc.name);
        const auto* method = find_method(schema, rpc);
        REQUIRE(method);
        const auto asked = schema.fields(method->request);
        const auto answered = schema.fields(method->response);
        for (const auto& name : names_in(rpc.path)) CHECK(contains(asked, name));
        if (rpc.body_from == Body::field) CHECK(contains(asked, rpc.body));
        if (!rpc.answer.empty()) CHECK(contains(answered, rpc.answer));
        CHECK(contains(asked, "options") == (rpc.answer_as == Answer::change));
        CHECK(contains(answered, "result") == (rpc.answer_as == Answer::change));
        CHECK(contains(answered, "etag") == (rpc.answer_as == Answer::resource));
        CHECK(contains(answered, "next_page_token") == (rpc.answer_as == Answer::page));
    }
}

TEST_CASE("a path with brackets leads to several routes") {
    const auto* rpc = find_rpc("KeyService", "GetKey");
    REQUIRE(rpc);
    CHECK(route_patterns(*rpc) == std::vector<std::string>{
                                      "/api/v1/orgs/{org}/projects/{project}/environments/{environment}/keys/{key}",
                                      "/api/v1/orgs/{org}/projects/{project}/keys/{key}",
                                      "/api/v1/orgs/{org}/keys/{key}",
                                  });
}

TEST_CASE("messages become JSON and come back") {
    const Schema schema;
    const std::string request = "fanion.admin.v1.CreateFlagRequest";
    const std::string json = R"({"org":"acme","project":"web","flag":{"key":"f","type":"boolean",)"
                             R"("variations":[{"key":"on","value":true},{"key":"off","value":null}]}})";
    const auto bytes = schema.to_bytes(request, json);
    REQUIRE(bytes);
    CHECK(schema.to_json(request, *bytes).value() == json);
    CHECK(schema.to_bytes(request, R"({"org":"acme","added_later":1})"));
    CHECK_FALSE(schema.to_bytes(request, R"({"org":{}})"));
    CHECK(schema
              .to_json(request,
                       "\x0a\x02"
                       "ab")
              .value() == R"({"org":"ab"})");
    for (const auto* malformed : {"\xff\xff",
                                  "\x0a\x05"
                                  "ab",
                                  "\x0a\x02\xff\xfe", "\x1a\x03\x0a\x09x"}) {
        CHECK_FALSE(schema.to_json(request, malformed));
    }
    CHECK_FALSE(schema.to_json("fanion.admin.v1.Nothing", ""));
}
