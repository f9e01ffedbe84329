#include "control-plane/live/presence_routes.hpp"

#include "common/json/reader.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/resource.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/live/change_hub.hpp"
#include "control-plane/live/presence_store.hpp"

namespace fanion::cp::live {
namespace {

using boost::asio::awaitable;

constexpr std::size_t resource_bytes = 500;  // of a notification, which has 8,000 at most

struct PresenceBody {
    std::string resource;
    bool is_editing = false;
};

Result<PresenceBody> read_presence(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        PresenceBody given{r.string("resource"), r.boolean("is_editing", false)};
        if (given.resource.size() > resource_bytes)
            r.fail_at("resource", "too_long", "a resource has at most 500 bytes");
        return given;
    });
}

// Error: not_found, when there is no such resource for the caller.
awaitable<Result<>> check_resource(http::Call& call, db::Transaction& tx, const std::string& resource,
                                   const std::string& pointer) {
    auto names = audit::parse_resource(resource);
    if (!names || !call.may_read(resource)) co_return http::not_found("resource", pointer);
    const bool is_there = co_await audit::resource_exists(tx, call.org.org_id, std::move(*names));
    if (!is_there) co_return http::not_found("resource", pointer);
    co_return boost::system::in_place_value;
}

http::Answer handle_put_presence(http::Call& call) {
    const auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto given = read_presence((*body)->root());
    if (!given) co_return given.error();
    auto tx = co_await call.services.pool.begin(call.scope());
    const std::string pointer = "/resource";
    auto checked = co_await check_resource(call, tx, given->resource, pointer);
    if (!checked) co_return checked.error();
    const Sighting sighting{call.org.org_id, call.principal.user_id, std::move(given->resource), given->is_editing};
    if (!call.services.live.note_presence(sighting)) {
        co_return Error{Errc::rate_limited, "you, or the organisation, are at too many resources at a time", {}};
    }
    co_await notify_presence(tx, to_text(sighting));
    co_await tx.commit();
    co_return net::empty_response(204);
}

http::Answer handle_get_presence(http::Call& call) {
    auto resource = call.request.query("resource").value_or("");
    {
        auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
        const std::string pointer = "?resource";
        auto checked = co_await check_resource(call, tx, resource, pointer);
        if (!checked) co_return checked.error();
    }
    auto text = co_await presence_text(call, resource);
    auto response = net::json_response(std::move(text));
    response.set("Cache-Control", "no-store");
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route presence_table[] = {
    {Method::get, "/api/v1/orgs/{org}/presence", Permission::member, handle_get_presence, "resource"},
    {Method::put, "/api/v1/orgs/{org}/presence", Permission::member, handle_put_presence, "", http::PatchForms::merge,
     http::Caller::person},
};

}  // namespace

std::span<const http::Route> presence_routes() noexcept { return presence_table; }

awaitable<std::string> presence_text(http::Call& call, std::string resource) {
    const auto people = call.services.live.present_at(call.org.org_id, resource);
    std::vector<access::UserId> user_ids;
    for (const auto& person : people) user_ids.push_back(person.user_id);
    std::map<access::UserId, std::string> names;
    if (!user_ids.empty()) {
        auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
        names = co_await names_of_members(tx, call.org.org_id, std::move(user_ids));
    }
    co_return body::object_text([&](json::Writer& w) {
        w.member("resource", resource).key("people").begin_array();
        for (const auto& person : people) {
            const auto name = names.find(person.user_id);
            if (name == names.end()) continue;
            w.begin_object().member("id", person.user_id.str()).member("name", name->second);
            w.member("is_editing", person.is_editing).end_object();
        }
        w.end_array();
    });
}

}  // namespace fanion::cp::live
