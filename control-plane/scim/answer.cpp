#include "control-plane/scim/answer.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/json/tree.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/quotas/limits.hpp"
#include "control-plane/scim/attributes.hpp"

namespace fanion::cp::scim {

Result<ListRequest> list_request_of(http::Call& call) {
    const auto& request = call.request;
    return read_list_request({request.query("filter"), request.query("startIndex"), request.query("count"),
                              request.query("attributes"), request.query("excludedAttributes")});
}

std::string location_of(const http::Call& call, std::string_view collection, const std::string& id) {
    auto path = "/scim/v2/" + call.org.key + '/' + std::string(collection);
    if (!id.empty()) path += '/' + id;
    return path;
}

void write_meta(json::Writer& w, const Meta& meta) {
    w.key("meta").begin_object().member("resourceType", meta.type);
    w.member("created", format_rfc3339(meta.created_at)).member("lastModified", format_rfc3339(meta.updated_at));
    w.member("location", meta.location).member("version", meta.tag).end_object();
}

std::string projected(const http::Call& call, std::string text) {
    const auto wanted = call.request.query("attributes").value_or("");
    const auto excluded = call.request.query("excludedAttributes").value_or("");
    if (wanted.empty() && excluded.empty()) return text;
    auto resource = json::Tree::parse(text, body::composed_limits()).value();
    project(resource, wanted, excluded);
    return resource.to_text();
}

std::string list_response_text(std::size_t total, std::size_t start, const std::vector<std::string>& resources) {
    return body::object_text([&](json::Writer& w) {
        w.key("schemas").begin_array().string("urn:ietf:params:scim:api:messages:2.0:ListResponse").end_array();
        w.key("totalResults").unsigned_integer(total).key("startIndex").unsigned_integer(start);
        w.key("itemsPerPage").unsigned_integer(resources.size()).key("Resources").begin_array();
        for (const auto& resource : resources) w.raw(resource);
        w.end_array();
    });
}

Result<> check_match(http::Call& call, const std::string& tag) {
    const auto failed = http::failed_precondition(call, tag, "{}", false);
    if (!failed) return boost::system::in_place_value;
    return Error{Errc::precondition_failed, "If-Match does not list the present version", {}};
}

net::Response created_response(std::string text, std::string location, std::string tag) {
    auto response = net::json_response(std::move(text), 201);
    response.set("Location", std::move(location));
    response.set("ETag", std::move(tag));
    return response;
}

groups::Work work_of(http::Edit& edit) {
    return {edit.tx(), edit.call().services.limits.quotas(), http::audit_entry(edit.call())};
}

}  // namespace fanion::cp::scim
