#pragma once

// Roles of members in single projects and environments. Functions run in the caller's transaction,
// whose scope is the organisation, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/grants.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/named_role.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::access {

// A project, or an environment of it.
struct AssignmentPlace {
    OrgId org_id;
    ProjectId project_id;
    std::optional<EnvironmentId> env_id;
};

struct AssignedMember {
    UserId user_id;
    std::string email;
    std::string name;
    NamedRole role;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
};

// Those who have a role of their own at the place: the first `limit` whose id comes after `after`,
// in the order of their ids.
boost::asio::awaitable<std::vector<AssignedMember>> list_assigned(db::Transaction& tx, AssignmentPlace place,
                                                                  std::string after, std::size_t limit);
boost::asio::awaitable<std::optional<AssignedMember>> find_assigned(db::Transaction& tx, AssignmentPlace place,
                                                                    UserId user_id);
// Gives a member a role at the place, or another one; the caller has locked the membership
// (lock_member), so that there is one change at a time.
boost::asio::awaitable<void> put_assignment(db::Transaction& tx, AssignmentPlace place, UserId user_id,
                                            std::string role, UnixMillis now);
boost::asio::awaitable<void> remove_assignment(db::Transaction& tx, AssignmentPlace place, UserId user_id);

// Held until the transaction ends, so that nobody gives rights away that they are just losing. The
// first lock of its transaction.
enum class AccessLock {
    shared,     // by what is given on the strength of a role: keys, tokens
    exclusive,  // by what changes who has which role, and what a role permits
};
boost::asio::awaitable<void> lock_access(db::Transaction& tx, OrgId org_id, AccessLock lock);

// All roles of a member, without those in deleted places; nullopt when there is no such member.
boost::asio::awaitable<std::optional<Grants>> grants_of_member(db::Transaction& tx, OrgId org_id, UserId user_id);

}  // namespace fanion::cp::access
