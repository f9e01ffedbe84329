#include "control-plane/app/admin_routes.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "control-plane/http/openapi.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

using Operations = std::map<std::string, json::Value>;  // "GET /path"

Operations documented(const json::Document& document) {
    Operations found;
    for (const auto path : document.root().find("paths").members()) {
        for (const auto operation : path.value.members()) {
            std::string method(operation.name);
            for (auto& c : method) c = static_cast<char>(c - 'a' + 'A');
            found.emplace(method + ' ' + std::string(path.name), operation.value);
        }
    }
    return found;
}

std::string name_of(const cp::http::Route& route) {
    return std::string(net::name_of(route.method)) + ' ' + std::string(route.pattern);
}

json::Value resolved(const json::Document& document, json::Value value) {
    const auto reference = value.find("$ref");
    if (!reference) return value;
    return document.root().at(*json::parse_pointer(reference.as_string().substr(1)));
}

std::set<std::string> parameters(const json::Document& document, json::Value operation, std::string_view where) {
    std::set<std::string> names;
    const auto list = operation.find("parameters");
    if (!list) return names;
    for (const auto listed : list.elements()) {
        const auto parameter = resolved(document, listed);
        if (parameter.find("in") && parameter.find("in").as_string() == where) {
            names.insert(std::string(parameter.find("name").as_string()));
        }
    }
    return names;
}

}  // namespace

TEST_CASE("every route is documented with its permission and its query, and nothing else is") {
    json::Document document;
    REQUIRE(document.parse(cp::http::openapi_json()));
    auto operations = documented(document);
    for (const auto& route : cp::app::admin_routes()) {
        INFO(name_of(route));
        const auto found = operations.find(name_of(route));
        REQUIRE(found != operations.end());
        CHECK(found->second.find("x-permission").as_string() == cp::access::name_of(route.permission));
        std::set<std::string> query;
        for (const auto name : split(route.query, ' ')) {
            if (!name.empty() && name != "...") query.emplace(name.substr(0, name.find('*')));
        }
        if (cp::http::takes_comment(route)) query.emplace("comment");
        CHECK(parameters(document, found->second, "query") == query);
        operations.erase(found);
    }
    for (const auto& [name, operation] : operations) FAIL_CHECK("no such route: " << name);
}

TEST_CASE("what stands below an organisation asks for a permission in it") {
    for (const auto& route : cp::app::admin_routes()) {
        INFO(name_of(route));
        const bool is_below = route.pattern.find("{org}") != std::string_view::npos;
        CHECK(is_below == (route.permission > cp::access::Permission::signed_in));
    }
}

TEST_CASE("whatever changes something asks for more than reading") {
    for (const auto& route : cp::app::admin_routes()) {
        if (route.method == net::Method::get || route.pattern.ends_with("/evaluate")) continue;
        INFO(name_of(route));
        CHECK(route.permission != cp::access::Permission::read);
    }
}

TEST_CASE("references in the document lead somewhere") {
    json::Document document;
    REQUIRE(document.parse(cp::http::openapi_json()));
    std::string_view text = cp::http::openapi_json();
    constexpr std::string_view mark = "\"$ref\":\"#";
    std::size_t count = 0;
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
        const auto begin = at + mark.size();
        const std::string pointer(text.substr(begin, text.find('"', begin) - begin));
        INFO(pointer);
        CHECK(document.root().at(*json::parse_pointer(pointer)));
        ++count;
    }
    CHECK(count > 100);
}
