#pragma once

// Invitations: one-time tokens that make the person of an e-mail address a member of an
// organisation. An invitation is open until it is accepted, withdrawn or expired. One thread;
// throws PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/named_role.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

inline constexpr UnixMillis invitation_lifetime = 24LL * 60 * 60 * 1000;

struct NewInvitation {
    std::string email;
    std::string name;  // of the person, in the organisation
    access::NamedRole role;
    access::UserId invited_by;  // empty: the operator of the installation
};

struct Invitation {
    access::InvitationId id;
    access::OrgId org_id;
    std::string email;
    std::string name;
    access::NamedRole role;  // with its present permissions; none if it was deleted
    access::UserId invited_by;
    UnixMillis created_at = 0;
    UnixMillis expires_at = 0;
};

// The open invitation that a token stands for, without the permissions of a role of the
// organisation's own. Any scope.
boost::asio::awaitable<std::optional<Invitation>> find_invitation_by_token(db::Transaction& tx, Sha256 token_hash,
                                                                           UnixMillis now);

// From here on: in the scope of the organisation.

struct Invited {
    Invitation invitation;
    std::string token;  // only its hash is stored
};
// The result is the same whether or not the person has an account.
boost::asio::awaitable<Invited> invite(db::Transaction& tx, access::OrgId org_id, NewInvitation invitation,
                                       UnixMillis now);

// A place in the list of open invitations, which is ordered by age.
struct InvitationPlace {
    UnixMillis created_at = 0;
    access::InvitationId id;
};
// The oldest open ones after that place, at most `limit`.
boost::asio::awaitable<std::vector<Invitation>> list_invitations(db::Transaction& tx, access::OrgId org_id,
                                                                 UnixMillis now, InvitationPlace after,
                                                                 std::size_t limit);
// These lock the rows of open invitations: one, those to an address, or those to a person's address
// or given out by that person.
boost::asio::awaitable<std::optional<Invitation>> lock_invitation(db::Transaction& tx, access::OrgId org_id,
                                                                  access::InvitationId id, UnixMillis now);
boost::asio::awaitable<std::vector<Invitation>> lock_invitations_to(db::Transaction& tx, access::OrgId org_id,
                                                                    std::string email, UnixMillis now);
boost::asio::awaitable<std::vector<Invitation>> lock_invitations_of(db::Transaction& tx, access::OrgId org_id,
                                                                    std::string email, access::UserId user_id,
                                                                    UnixMillis now);
boost::asio::awaitable<void> use_invitation(db::Transaction& tx, access::InvitationId id, UnixMillis now);
boost::asio::awaitable<void> withdraw_invitation(db::Transaction& tx, access::InvitationId id, UnixMillis now);

}  // namespace fanion::cp::identity
