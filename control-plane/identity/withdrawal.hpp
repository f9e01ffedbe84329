#pragma once

// Withdrawing invitations as part of an edit of members. One thread. Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "common/json/writer.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {

// {"id","email","name","role","invited_by","created_at","expires_at"}; never the token.
void write_invitation(json::Writer& w, const Invitation& invitation);

// Withdraws invitations that the transaction has locked, each with an audit entry of its own; `by`
// says who does it and when.
boost::asio::awaitable<void> withdraw_all(db::Transaction& tx, std::vector<Invitation> invitations,
                                          audit::AuditEntry by);

// Withdraws the open invitations of a member who leaves or changes role: those to their address,
// with which they could come back, and those they gave out. Comes before the change of the
// membership, so that an invitation that is being accepted is waited for.
boost::asio::awaitable<void> withdraw_invitations_of(http::Edit& edit, Member member);

}  // namespace fanion::cp::identity
