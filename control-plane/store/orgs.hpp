#pragma once

// Organisations. Functions run in the caller's transaction; the scope each needs stands beside it.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/domain/access.hpp"
#include "control-plane/store/pg/transaction.hpp"

namespace fanion::store {

struct Membership {  // of the person who asks
    std::string org_id;
    std::string key;
    std::string name;
    domain::Role role = domain::Role::viewer;
};

struct Org {
    std::string org_id;
    std::string key;
    std::string name;
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
};

// Any scope. orgs_of_user: in order of their keys.
boost::asio::awaitable<std::vector<Membership>> orgs_of_user(pg::Transaction& tx, std::string user_id);
boost::asio::awaitable<std::optional<Membership>> find_membership(pg::Transaction& tx, std::string user_id,
                                                                  std::string org_key);
boost::asio::awaitable<std::optional<std::string>> org_id_of_key(pg::Transaction& tx, std::string key);

// Scope: the organisation itself, also a new one's. insert_org throws PgError (unique violation) when the key is taken.
boost::asio::awaitable<std::optional<Org>> find_org(pg::Transaction& tx, std::string org_id);
boost::asio::awaitable<void> insert_org(pg::Transaction& tx, std::string org_id, std::string key, std::string name);

}  // namespace fanion::store
