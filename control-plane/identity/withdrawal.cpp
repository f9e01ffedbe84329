#include "control-plane/identity/withdrawal.hpp"

#include "common/base/text.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/lists.hpp"

namespace fanion::cp::identity {

using boost::asio::awaitable;

void write_invitation(json::Writer& w, const Invitation& invitation) {
    w.begin_object().member("id", invitation.id.str()).member("email", invitation.email);
    w.member("name", invitation.name).member("role", invitation.role.key).key("invited_by");
    if (invitation.invited_by.empty()) {
        w.null();
    } else {
        w.string(invitation.invited_by.str());
    }
    w.member("created_at", format_rfc3339(invitation.created_at));
    w.member("expires_at", format_rfc3339(invitation.expires_at)).end_object();
}

awaitable<void> withdraw_all(db::Transaction& tx, std::vector<Invitation> invitations, audit::AuditEntry by) {
    for (const auto& invitation : invitations) {
        co_await withdraw_invitation(tx, invitation.id, by.at);
        auto entry = by;
        entry.action = audit::Action::invitation_withdrawn;
        entry.resource = "invitations/" + invitation.id.str();
        entry.before = http::to_text(write_invitation, invitation);
        co_await audit::append_audit(tx, std::move(entry));
    }
}

awaitable<void> withdraw_invitations_of(http::Edit& edit, Member member) {
    const auto& call = edit.call();
    auto found = co_await lock_invitations_of(edit.tx(), call.org.org_id, member.email, member.user_id, call.now());
    co_await withdraw_all(edit.tx(), std::move(found), http::audit_entry(call));
}

}  // namespace fanion::cp::identity
