#include "control-plane/scim/discovery.hpp"

#include <initializer_list>
#include <span>

#include "control-plane/body/json_text.hpp"
#include "control-plane/scim/attributes.hpp"
#include "control-plane/scim/list_request.hpp"

namespace fanion::cp::scim {
namespace {

void write_place(json::Writer& w, std::string_view type, const std::string& location) {
    w.key("meta").begin_object().member("resourceType", type).member("location", location).end_object();
}

void write_schemas(json::Writer& w, std::string_view schema) {
    w.key("schemas").begin_array().string(schema).end_array();
}

void write_support(json::Writer& w, std::string_view name, bool is_supported) {
    w.key(name).begin_object().member("supported", is_supported).end_object();
}

// An attribute as section 7 describes it. The words are those of the RFC.
struct Attribute {
    std::string_view name;
    std::string_view type;
    std::string_view description;
    std::string_view mutability = "readWrite";
    bool is_multiple = false;
    bool is_required = false;
    std::string_view uniqueness = "none";
    bool is_exact = false;
    std::span<const Attribute> parts = {};
};

void write_attribute(json::Writer& w, const Attribute& one) {
    w.begin_object().member("name", one.name).member("type", one.type);
    w.member("multiValued", one.is_multiple).member("description", one.description);
    w.member("required", one.is_required).member("caseExact", one.is_exact).member("mutability", one.mutability);
    w.member("returned", "default").member("uniqueness", one.uniqueness);
    if (one.name == "$ref") w.key("referenceTypes").begin_array().string("User").end_array();
    if (!one.parts.empty()) {
        w.key("subAttributes").begin_array();
        for (const auto& part : one.parts) write_attribute(w, part);
        w.end_array();
    }
    w.end_object();
}

constexpr Attribute name_parts[] = {
    {"formatted", "string", "The whole name, as it is shown"},
    {"familyName", "string", "The family name"},
    {"givenName", "string", "The given name"},
};
constexpr Attribute email_parts[] = {
    {"value", "string", "The address"},
    {"type", "string", "What the address is for: work, home"},
    {"primary", "boolean", "Whether this is the address of the person's account"},
};
constexpr Attribute user_group_parts[] = {
    {"value", "string", "The id of the group", "readOnly", false, false, "none", true},
    {"display", "string", "The name of the group", "readOnly"},
};
constexpr Attribute user_attributes[] = {
    {"userName", "string", "The name of the person in the directory", "readWrite", false, true, "server"},
    {"name", "complex", "The parts of the person's name", "readWrite", false, false, "none", false, name_parts},
    {"displayName", "string", "The name under which the organisation knows the person"},
    {"title", "string", "The person's title"},
    {"active", "boolean", "Whether the person is a member of the organisation"},
    {"emails", "complex", "E-mail addresses", "readWrite", true, false, "none", false, email_parts},
    {"groups", "complex", "The groups of the person", "readOnly", true, false, "none", false, user_group_parts},
};
constexpr Attribute member_parts[] = {
    {"value", "string", "The id of the user", "immutable", false, false, "none", true},
    {"display", "string", "The user name", "readOnly"},
};
constexpr Attribute group_attributes[] = {
    {"displayName", "string", "The name of the group", "readWrite", false, true, "server"},
    {"members", "complex", "The users in the group", "readWrite", true, false, "none", false, member_parts},
};

Described schema(const std::string& base, std::string_view id, std::string_view name,
                 std::span<const Attribute> attributes) {
    auto text = body::object_text([&](json::Writer& w) {
        write_schemas(w, "urn:ietf:params:scim:schemas:core:2.0:Schema");
        w.member("id", id).member("name", name).member("description", name).key("attributes").begin_array();
        for (const auto& one : attributes) write_attribute(w, one);
        w.end_array();
        write_place(w, "Schema", base + "/Schemas/" + std::string(id));
    });
    return {std::string(id), std::move(text)};
}

Described resource_type(const std::string& base, std::string_view name, std::string_view endpoint,
                        std::string_view schema_id) {
    auto text = body::object_text([&](json::Writer& w) {
        write_schemas(w, "urn:ietf:params:scim:schemas:core:2.0:ResourceType");
        w.member("id", name).member("name", name).member("description", name).member("endpoint", endpoint);
        w.member("schema", schema_id);
        write_place(w, "ResourceType", base + "/ResourceTypes/" + std::string(name));
    });
    return {std::string(name), std::move(text)};
}

}  // namespace

std::string service_provider_config_text(const std::string& base) {
    return body::object_text([&](json::Writer& w) {
        write_schemas(w, "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig");
        write_support(w, "patch", true);
        w.key("bulk").begin_object().member("supported", false).member("maxOperations", 0);
        w.member("maxPayloadSize", 0).end_object();
        w.key("filter").begin_object().member("supported", true).key("maxResults").unsigned_integer(max_results);
        w.end_object();
        for (const auto* name : {"changePassword", "sort"}) write_support(w, name, false);
        write_support(w, "etag", true);
        w.key("authenticationSchemes").begin_array().begin_object().member("type", "oauthbearertoken");
        w.member("name", "Token of a service account");
        w.member("description", "Authorization: Bearer fan_svc_.. with the permission manage_members");
        w.member("primary", true).end_object().end_array();
        write_place(w, "ServiceProviderConfig", base + "/ServiceProviderConfig");
    });
}

std::array<Described, 2> resource_types(const std::string& base) {
    return {resource_type(base, "User", "/Users", user_schema), resource_type(base, "Group", "/Groups", group_schema)};
}

std::array<Described, 2> schemas(const std::string& base) {
    return {schema(base, user_schema, "User", user_attributes), schema(base, group_schema, "Group", group_attributes)};
}

}  // namespace fanion::cp::scim
