#include "control-plane/attributes/attribute_routes.hpp"

#include "control-plane/attributes/attribute_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::attributes {
namespace {

void write_attribute(json::Writer& w, const Attribute& attribute) {
    w.begin_object().member("name", attribute.name).key("types").begin_array();
    for (const auto& type : attribute.types) w.string(type);
    w.end_array().member("first_seen", attribute.first_seen).member("last_seen", attribute.last_seen).end_object();
}

http::Answer handle_list_attributes(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    AttributePage wanted{call.request.query("q").value_or(""), page->after, page->limit + 1};
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await list_attributes(tx, env->env_id, std::move(wanted));
    const auto next = http::end_page(found, *page, [](const Attribute& attribute) { return attribute.name; });
    auto text = http::list_text(write_attribute, found, next);
    auto tag = http::content_etag(text);
    co_return http::resource_response(call, std::move(text), std::move(tag));
}

using access::Permission;
using net::Method;

constexpr http::Route attribute_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/attributes", Permission::read,
     handle_list_attributes, "q limit cursor"},
};

}  // namespace

std::span<const http::Route> attribute_routes() noexcept { return attribute_table; }

}  // namespace fanion::cp::attributes
