#include "control-plane/audit/settings_routes.hpp"

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/retention_store.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"

namespace fanion::cp::audit {
namespace {

// An owner who wants to hide something must wait for a week at least, in which the change itself is in the log.
constexpr int shortest_retention = 7;
constexpr int longest_retention = 36'500;

void write_settings(json::Writer& w, const AuditSettings& settings) {
    w.begin_object().key("retention_days");
    if (settings.retention_days) {
        w.integer(*settings.retention_days);
    } else {
        w.null();
    }
    w.member("version", settings.version);
    body::write_time(w, "updated_at", settings.updated_at);
    w.end_object();
}

struct RetentionDays {
    std::optional<int> days;
};

Result<RetentionDays> read_settings(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        RetentionDays read;
        r.optional_any("version");  // derived, as in the response to a GET
        r.optional_any("updated_at");
        if (r.has("retention_days") && r.is_null("retention_days")) return read;
        read.days = static_cast<int>(r.integer("retention_days", shortest_retention, longest_retention));
        return read;
    });
}

http::Answer handle_get_audit_settings(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto settings = co_await find_audit_settings(tx, call.org.org_id);
    co_return http::resource_response(call, http::to_text(write_settings, settings), http::etag(settings.version));
}

http::EditResult change_audit_settings(http::Edit& edit, RetentionDays wanted) {
    auto& call = edit.call();
    co_await lock_audit_chain(edit.tx(), call.org.org_id);
    auto settings = co_await find_audit_settings(edit.tx(), call.org.org_id);
    auto before = edit.match(http::etag(settings.version), http::to_text(write_settings, settings));
    if (!before) co_return before.error();
    if (settings.retention_days == wanted.days) co_return edit.unchanged(before->text(), http::etag(settings.version));
    settings.retention_days = wanted.days;
    settings.version += 1;
    settings.updated_at = call.now();
    co_await put_audit_settings(edit.tx(), call.org.org_id, settings);
    co_return edit.changed(Action::audit_configured, std::move(*before), http::to_text(write_settings, settings),
                           http::etag(settings.version));
}

http::Answer handle_put_audit_settings(http::Call& call) {
    return http::edit_resource(call, read_settings, change_audit_settings);
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
