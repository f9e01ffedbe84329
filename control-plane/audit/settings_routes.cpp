#include "control-plane/audit/settings_routes.hpp"

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/retention_store.hpp"
#include "control-plane/body/retention.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"

namespace fanion::cp::audit {
namespace {

http::Answer handle_get_audit_settings(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto settings = co_await find_audit_settings(tx, call.org.org_id);
    co_return http::resource_response(call, http::to_text(body::write_retention, settings),
                                      http::etag(settings.version));
}

http::EditResult change_audit_settings(http::Edit& edit, body::WantedRetention wanted) {
    auto& call = edit.call();
    co_await lock_audit_chain(edit.tx(), call.org.org_id);
    auto settings = co_await find_audit_settings(edit.tx(), call.org.org_id);
    auto before = edit.match(http::etag(settings.version), http::to_text(body::write_retention, settings));
    if (!before) co_return before.error();
    if (settings.retention_days == wanted.days) co_return edit.unchanged(before->text(), http::etag(settings.version));
    settings.retention_days = wanted.days;
    settings.version += 1;
    settings.updated_at = call.now();
    co_await put_audit_settings(edit.tx(), call.org.org_id, settings);
    co_return edit.changed(Action::audit_configured, std::move(*before), http::to_text(body::write_retention, settings),
                           http::etag(settings.version));
}

http::Answer handle_put_audit_settings(http::Call& call) {
    return http::edit_resource(call, body::read_retention, change_audit_settings);
}

using access::Permission;
using net::Method;

constexpr http::Route audit_settings_table[] = {
    {Method::get, "/api/v1/orgs/{org}/audit/settings", Permission::read, handle_get_audit_settings},
    {Method::put, "/api/v1/orgs/{org}/audit/settings", Permission::manage_organisation, handle_put_audit_settings},
};

}  // namespace

std::span<const http::Route> audit_settings_routes() noexcept { return audit_settings_table; }

}  // namespace fanion::cp::audit
