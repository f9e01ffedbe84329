#include "control-plane/scim/discovery_routes.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/http/call.hpp"
#include "control-plane/scim/answer.hpp"
#include "control-plane/scim/discovery.hpp"

namespace fanion::cp::scim {
namespace {

using Descriptions = std::array<Described, 2> (*)(const std::string& base);

std::string base_of(const http::Call& call) { return "/scim/v2/" + call.org.key; }

net::Response described_response(http::Call& call, std::string text) {
    auto tag = http::content_etag(text);
    return http::resource_response(call, std::move(text), std::move(tag));
}

Result<net::Response> list_of(http::Call& call, Descriptions described) {
    std::vector<std::string> texts;
    for (auto& one : described(base_of(call))) texts.push_back(std::move(one.text));
    return described_response(call, list_response_text(texts.size(), 1, texts));
}

// The one that the path names as {`name`}.
Result<net::Response> one_of(http::Call& call, Descriptions described, const std::string& name, std::string_view what) {
    const auto id = call.param(name);
    for (auto& one : described(base_of(call)))
        if (one.id == id) return described_response(call, std::move(one.text));
    return http::not_found(what, '{' + name + '}');
}

http::Answer handle_get_config(http::Call& call) {
    co_return described_response(call, service_provider_config_text(base_of(call)));
}
http::Answer handle_list_resource_types(http::Call& call) { co_return list_of(call, resource_types); }
http::Answer handle_get_resource_type(http::Call& call) {
    co_return one_of(call, resource_types, "type", "resource type");
}
http::Answer handle_list_schemas(http::Call& call) { co_return list_of(call, schemas); }
http::Answer handle_get_schema(http::Call& call) { co_return one_of(call, schemas, "schema", "schema"); }

using access::Permission;
using net::Method;

constexpr http::Route discovery_table[] = {
    {Method::get, "/scim/v2/{org}/ServiceProviderConfig", Permission::manage_members, handle_get_config, ""},
    {Method::get, "/scim/v2/{org}/ResourceTypes", Permission::manage_members, handle_list_resource_types, ""},
    {Method::get, "/scim/v2/{org}/ResourceTypes/{type}", Permission::manage_members, handle_get_resource_type, ""},
    {Method::get, "/scim/v2/{org}/Schemas", Permission::manage_members, handle_list_schemas, ""},
    {Method::get, "/scim/v2/{org}/Schemas/{schema}", Permission::manage_members, handle_get_schema, ""},
};

}  // namespace

std::span<const http::Route> discovery_routes() noexcept { return discovery_table; }

}  // namespace fanion::cp::scim
