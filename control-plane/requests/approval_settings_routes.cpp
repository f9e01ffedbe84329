#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/requests/request_routes.hpp"

namespace fanion::cp::requests {
namespace {

using boost::asio::awaitable;

std::string settings_text(unsigned required) {
    return body::object_text([&](json::Writer& w) { w.member("required", static_cast<std::uint64_t>(required)); });
}

Result<unsigned> read_settings(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        return static_cast<unsigned>(r.integer("required", 0, projects::most_approvals));
    });
}

http::Answer handle_get_settings(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto text = settings_text(env->required_approvals);
    auto tag = http::content_etag(text);
    co_return http::resource_response(call, std::move(text), std::move(tag));
}

// To ask for fewer is to do without some.
http::EditResult change_settings(http::Edit& edit, unsigned required) {
    auto& call = edit.call();
    auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    const auto present = env->required_approvals;
    auto before = edit.match(http::content_etag(settings_text(present)), settings_text(present));
    if (!before) co_return before.error();
    if (required < present) {
        if (auto ok = http::require_permission(call, access::Permission::bypass_approval); !ok) co_return ok.error();
    }
    auto text = settings_text(required);
    auto tag = http::content_etag(text);
    if (required == present) co_return edit.unchanged(std::move(text), std::move(tag));
    env->required_approvals = required;
    co_await projects::update_environment(edit.tx(), *env);
    co_return edit.changed(audit::Action::environment_updated, std::move(*before), std::move(text), std::move(tag));
}

http::Answer handle_change_settings(http::Call& call) {
    return http::edit_resource(call, read_settings, change_settings);
}

using access::Permission;
using net::Method;

constexpr http::Route settings_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/approvals", Permission::read,
     handle_get_settings},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/approvals", Permission::manage_environments,
     handle_change_settings},
};

}  // namespace

std::span<const http::Route> approval_settings_routes() noexcept { return settings_table; }

}  // namespace fanion::cp::requests
