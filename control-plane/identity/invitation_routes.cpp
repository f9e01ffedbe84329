#include "control-plane/identity/invitation_routes.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "control-plane/access/role_request.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/identity/member_body.hpp"
#include "control-plane/identity/withdrawal.hpp"
#include "control-plane/quotas/room.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

Result<NewInvitation> read_new_invitation(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        NewInvitation given{r.string("email"), body::read_text(r, "name", 200), {access::read_role_key(r), {}}, {}};
        if (body::has_string(r, "email") && !is_email(given.email)) {
            r.fail_at("email", "bad_email", "must be an e-mail address such as ada@example.com");
        }
        return given;
    });
}

std::string invited_text(const Invited& invited) {
    return body::object_text([&](json::Writer& w) {
        w.member("id", invited.invitation.id.str()).member("email", invited.invitation.email);
        w.member("role", invited.invitation.role.key).member("setup_token", invited.token);
        w.member("expires_at", format_rfc3339(invited.invitation.expires_at));
    });
}

// The newest invitation of an address replaces the others. An error when one of them is not the caller's to withdraw.
awaitable<Result<>> replace_invitations(http::Edit& edit, std::string email) {
    const auto& call = edit.call();
    auto others = co_await lock_invitations_to(edit.tx(), call.org.org_id, std::move(email), call.now());
    const auto is_above = [&](const Invitation& i) { return !call.may_assign(i.role); };
    if (std::ranges::any_of(others, is_above)) co_return above_you();
    co_await withdraw_all(edit.tx(), std::move(others), http::audit_entry(call));
    co_return boost::system::in_place_value;
}

http::EditResult invite_member(http::Edit& edit) {
    auto& call = edit.call();
    auto given = read_new_invitation(edit.body());
    if (!given) co_return given.error();
    auto role = co_await access::role_to_give(edit.tx(), call.org.org_id, given->role.key);
    if (!role) co_return access::unknown_role(given->role.key);
    if (!call.may_assign(*role)) co_return above_you();
    given->role = std::move(*role);
    const auto member = co_await find_member_by_email(edit.tx(), call.org.org_id, given->email);
    if (member) {
        co_return http::conflict(
            "/email", "already_member",
            "this person is a member already: change their role at members/" + member->user_id.str());
    }
    auto replaced = co_await replace_invitations(edit, given->email);
    if (!replaced) co_return replaced.error();
    auto room = co_await quotas::require_room(edit, quotas::Quota::members);
    if (!room) co_return room.error();
    given->invited_by = call.principal.user_id;
    const auto invited = co_await invite(edit.tx(), call.org.org_id, std::move(*given), call.now());
    http::AuditRecord record{audit::Action::member_invited, "invitations/" + invited.invitation.id.str(), std::nullopt,
                             http::to_text(write_invitation, invited.invitation)};
    co_return http::EditOutcome{net::json_response(invited_text(invited), 201), std::move(record)};
}

http::Answer handle_invite_member(http::Call& call) { return http::edit_resource(call, invite_member); }

// A cursor holds "<milliseconds>.<id>".
std::string cursor_of(const Invitation& invitation) {
    return std::to_string(invitation.created_at) + '.' + invitation.id.str();
}

InvitationPlace place_of(const std::string& cursor) {
    const auto dot = std::min(cursor.find('.'), cursor.size());
    const auto created_at = parse_u64(cursor.substr(0, dot)).value_or(0);
    constexpr std::uint64_t latest = 253'402'300'799'999;  // the year 9999
    return {static_cast<UnixMillis>(std::min(created_at, latest)),
            access::InvitationId(cursor.substr(std::min(dot + 1, cursor.size())))};
}

http::Answer handle_list_invitations(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto open = co_await list_invitations(tx, call.org.org_id, call.now(), place_of(page->after), page->limit + 1);
    const auto next = http::end_page(open, *page, cursor_of);
    co_return net::json_response(http::list_text(write_invitation, open, next));
}

http::EditResult withdraw_one(http::Edit& edit) {
    auto& call = edit.call();
    const access::InvitationId id(call.param("invitation"));
    auto invitation = co_await lock_invitation(edit.tx(), call.org.org_id, id, call.now());
    if (!invitation) co_return http::not_found("invitation", "{invitation}");
    if (!call.may_assign(invitation->role)) co_return above_you();
    const auto present = http::to_text(write_invitation, *invitation);
    auto before = edit.match(http::content_etag(present), present);
    if (!before) co_return before.error();
    co_await withdraw_invitation(edit.tx(), invitation->id, call.now());
    co_return edit.deleted(audit::Action::invitation_withdrawn, std::move(*before));
}

http::Answer handle_withdraw(http::Call& call) { return http::edit_resource(call, withdraw_one); }

using access::Permission;
using net::Method;

constexpr http::Route invitation_table[] = {
    {Method::post, "/api/v1/orgs/{org}/members", Permission::manage_members, handle_invite_member, "",
     http::PatchForms::merge, http::Caller::person},
    {Method::get, "/api/v1/orgs/{org}/invitations", Permission::manage_members, handle_list_invitations,
     "limit cursor"},
    {Method::del, "/api/v1/orgs/{org}/invitations/{invitation}", Permission::manage_members, handle_withdraw},
};

}  // namespace

std::span<const http::Route> invitation_routes() noexcept { return invitation_table; }

}  // namespace fanion::cp::identity
