#pragma once

// Gives people the roles that their groups give, within a change of the caller's. One thread.
// Coroutines throw PgError.
//
// 1. The caller's transaction is in the organisation's scope and has taken
//    access::lock_access(exclusive) as its first lock. The caller commits; until then nothing has
//    happened. Requests are admitted by what is stored, so that from then on every credential and
//    every open page of the person has the new rights.
// 2. A role in the organisation that a rule gives replaces the present one, whoever gave that.
//    Where no rule gives one, a role that a group gave becomes the default role; one that a person
//    gave stays.
// 3. An owner whom a person made stays owner. The last owner stays owner whoever made them.
// 4. In projects and environments, what groups gave and give no more is taken back. A role that a
//    person gave there stays, and no rule replaces it.
// 5. A rule whose role, project or environment does not exist gives nothing. Roles in deleted
//    places stay as they are until the next time after those were restored.
// 6. Each change has an audit entry of the action that it would have if it were made by hand:
//    member_joined, member_updated, member_removed, assignment_created, _updated, _deleted. Open
//    invitations of who loses permissions are withdrawn as by hand.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/audit/entry.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/groups/group_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/quotas/quota.hpp"

namespace fanion::cp::groups {

// What a change is made with. Outlives the calls below.
struct Work {
    db::Transaction& tx;
    const quotas::Quotas& quotas;  // the installation's: who joins counts
    audit::AuditEntry by;          // who does it, where and when; action, resource and states are replaced
};

enum class Standing {
    member,
    // The person is not, or no more, a member: no rule gives a role and there is no default role,
    // the directory says that they are not active, or another member has their e-mail address.
    no_role,
};

// Of somebody whose groups are stored. Who is not a member joins if there is a role for them: whom
// that should not happen to, the caller does not ask for. Error: conflict, quota_exceeded, where
// the person would join.
boost::asio::awaitable<Result<Standing>> apply(const Work& work, KnownPerson person);

// The same at single sign-on, which names the person's groups: they are stored, and replace those
// of the last time. `names` are not to be trusted otherwise: see normalised(). Groups of the
// directory count beside them.
boost::asio::awaitable<Result<Standing>> apply_sign_in(const Work& work, KnownPerson person,
                                                       std::vector<std::string> names);

// Ends a membership, which the caller has locked. Invitations and the audit log: as above.
boost::asio::awaitable<void> expel(const Work& work, identity::Member member);

// Everybody whose groups are known: after the rules have changed. Error: quota_exceeded.
boost::asio::awaitable<Result<>> apply_to_all(const Work& work);

}  // namespace fanion::cp::groups
