#include "control-plane/events/retention_routes.hpp"

#include "control-plane/body/retention.hpp"
#include "control-plane/events/retention_store.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/organisation_store.hpp"

namespace fanion::cp::events {
namespace {

http::Answer handle_get_event_settings(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto settings = co_await find_event_settings(tx, call.org.org_id);
    co_return http::resource_response(call, http::to_text(body::write_retention, settings),
                                      http::etag(settings.version));
}

http::EditResult change_event_settings(http::Edit& edit, body::WantedRetention wanted) {
    auto& call = edit.call();
    co_await projects::lock_org(edit.tx(), call.org.org_id);  // one change at a time
    auto settings = co_await find_event_settings(edit.tx(), call.org.org_id);
    auto before = edit.match(http::etag(settings.version), http::to_text(body::write_retention, settings));
    if (!before) co_return before.error();
    if (settings.retention_days == wanted.days) co_return edit.unchanged(before->text(), http::etag(settings.version));
    settings.retention_days = wanted.days;
    settings.version += 1;
    settings.updated_at = call.now();
    co_await put_event_settings(edit.tx(), call.org.org_id, settings);
    co_return edit.changed(audit::Action::org_updated, std::move(*before),
                           http::to_text(body::write_retention, settings), http::etag(settings.version));
}

http::Answer handle_put_event_settings(http::Call& call) {
    return http::edit_resource(call, body::read_retention, change_event_settings);
}

using access::Permission;
using net::Method;

constexpr http::Route event_settings_table[] = {
    {Method::get, "/api/v1/orgs/{org}/event-settings", Permission::read, handle_get_event_settings},
    {Method::put, "/api/v1/orgs/{org}/event-settings", Permission::manage_organisation, handle_put_event_settings},
};

}  // namespace

std::span<const http::Route> event_settings_routes() noexcept { return event_settings_table; }

}  // namespace fanion::cp::events
