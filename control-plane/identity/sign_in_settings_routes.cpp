#include "control-plane/identity/sign_in_settings_routes.hpp"

#include "common/json/reader.hpp"
#include "control-plane/access/assignment_store.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/second_factor_store.hpp"

namespace fanion::cp::identity {
namespace {

void write_sign_in_settings(json::Writer& w, const SignInSettings& settings) {
    w.begin_object().member("second_factor", settings.requires_second_factor ? "required" : "optional");
    w.member("version", settings.version);
    body::write_time(w, "updated_at", settings.updated_at);
    w.end_object();
}

struct WantedSettings {
    bool requires_second_factor = false;
};

Result<WantedSettings> read_sign_in_settings(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, {"version", "updated_at"});
        const auto wanted = r.string("second_factor");
        const bool is_required = wanted == "required";
        if (!is_required && wanted != "optional" && body::has_string(r, "second_factor")) {
            r.fail_at("second_factor", "malformed", "`second_factor` is `optional` or `required`");
        }
        return WantedSettings{is_required};
    });
}

http::Answer handle_get_sign_in_settings(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto settings = co_await find_sign_in_settings(tx, call.org.org_id);
    co_return http::resource_response(call, http::to_text(write_sign_in_settings, settings),
                                      http::etag(settings.version));
}

// Whoever requires a second factor has one: they would lock themselves out.
boost::asio::awaitable<Result<>> require_own_factor(http::Edit& edit) {
    const auto& who = edit.call().principal;
    if (who.is_service()) co_return boost::system::in_place_value;
    const auto factor = co_await find_second_factor(edit.tx(), who.user_id);
    if (factor && factor->confirmed_at) co_return boost::system::in_place_value;
    co_return http::conflict("/second_factor", "enrol_first", "set up a second factor of your own first");
}

http::EditResult change_sign_in_settings(http::Edit& edit, WantedSettings wanted) {
    auto& call = edit.call();
    co_await access::lock_access(edit.tx(), call.org.org_id, access::AccessLock::exclusive);
    auto settings = co_await find_sign_in_settings(edit.tx(), call.org.org_id);
    auto before = edit.match(http::etag(settings.version), http::to_text(write_sign_in_settings, settings));
    if (!before) co_return before.error();
    if (settings.requires_second_factor == wanted.requires_second_factor) {
        co_return edit.unchanged(before->text(), http::etag(settings.version));
    }
    if (wanted.requires_second_factor) {
        if (auto ok = co_await require_own_factor(edit); !ok) co_return ok.error();
    }
    settings = {wanted.requires_second_factor, settings.version + 1, call.now()};
    co_await put_sign_in_settings(edit.tx(), call.org.org_id, settings);
    co_return edit.changed(audit::Action::org_updated, std::move(*before),
                           http::to_text(write_sign_in_settings, settings), http::etag(settings.version));
}

http::Answer handle_put_sign_in_settings(http::Call& call) {
    return http::edit_resource(call, read_sign_in_settings, change_sign_in_settings);
}

using access::Permission;
using net::Method;

constexpr http::Route sign_in_settings_table[] = {
    {Method::get, "/api/v1/orgs/{org}/sign-in", Permission::read, handle_get_sign_in_settings},
    {Method::put, "/api/v1/orgs/{org}/sign-in", Permission::manage_organisation, handle_put_sign_in_settings},
};

}  // namespace

std::span<const http::Route> sign_in_settings_routes() noexcept { return sign_in_settings_table; }

}  // namespace fanion::cp::identity
