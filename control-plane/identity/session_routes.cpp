#include "control-plane/identity/session_routes.hpp"

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/session_store.hpp"

namespace fanion::cp::identity {
namespace {

std::string ended_sessions_json(const std::vector<access::SessionId>& ids) {
    return body::object_text([&](json::Writer& w) {
        w.key("sessions").begin_array();
        for (const auto& id : ids) w.string(id.str());
        w.end_array();
    });
}

// Which sessions the caller has ended; `credential_id` is the one that did.
audit::AuditEntry ended_entry(const http::Call& call, const std::vector<access::SessionId>& ids) {
    const auto& who = call.principal;
    auto entry = session_entry(call, audit::Action::session_ended, who.user_id, who.session_id);
    entry.before = ended_sessions_json(ids);
    return entry;
}

http::Answer handle_list_sessions(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    const auto& who = call.principal;
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    auto found = co_await list_sessions(tx, who.user_id, call.now(), page->after, page->limit + 1);
    const auto next = http::end_page(found, *page, [](const SessionRow& row) { return row.session_id.str(); });
    const auto write_items = [&](json::Writer& w) {
        for (const auto& row : found) {
            w.begin_object().member("id", row.session_id.str());
            w.member("current", row.session_id == who.session_id);
            w.member("created_at", format_rfc3339(row.created_at));
            w.member("last_used_at", format_rfc3339(row.last_used_at)).member("address", row.address);
            w.member("user_agent", row.user_agent).member("expires_at", format_rfc3339(row.expires_at)).end_object();
        }
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::Answer handle_end_session(http::Call& call) {
    const access::SessionId session_id(call.param("session"));
    const auto user_id = call.principal.user_id;
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    const bool is_own = co_await has_session(tx, user_id, session_id, call.now());
    if (!is_own) co_return http::not_found("session", "{session}");
    co_await revoke_session(tx, session_id, call.now());
    auto entry = ended_entry(call, {session_id});
    co_await append_for(tx, user_id, std::move(entry));
    co_await tx.commit();
    co_return net::empty_response(204);
}

http::Answer handle_end_others(http::Call& call) {
    const auto& who = call.principal;
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    const auto ended = co_await revoke_other_sessions(tx, who.user_id, who.session_id, call.now());
    if (ended.empty()) co_return net::empty_response(204);
    auto entry = ended_entry(call, ended);
    co_await append_for(tx, who.user_id, std::move(entry));
    co_await tx.commit();
    co_return net::empty_response(204);
}

using access::Permission;
using http::Caller;
using net::Method;

constexpr http::Route session_table[] = {
    {Method::get, "/api/v1/auth/sessions", Permission::signed_in, handle_list_sessions, "limit cursor",
     http::PatchForms::merge, Caller::person},
    {Method::del, "/api/v1/auth/sessions", Permission::signed_in, handle_end_others, "", http::PatchForms::merge,
     Caller::session},
    {Method::del, "/api/v1/auth/sessions/{session}", Permission::signed_in, handle_end_session, "",
     http::PatchForms::merge, Caller::session},
};

}  // namespace

std::span<const http::Route> session_routes() noexcept { return session_table; }

}  // namespace fanion::cp::identity
