#pragma once

// Second factors of people, and whether an organisation requires them. People have no tenant: their
// functions run in a transaction of any scope, those of an organisation in its own. They throw
// PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

struct SecondFactor {
    std::string sealed_secret;
    std::optional<UnixMillis> confirmed_at;  // none: it is not in force
    std::int64_t last_step = 0;              // of the last code that was used
    std::uint64_t recovery_codes = 0;        // that are left
};

// Whoever writes these holds the lock of the person (lock_user).
boost::asio::awaitable<std::optional<SecondFactor>> find_second_factor(db::Transaction& tx, access::UserId user_id);
// One that is not in force yet. Does nothing when one is.
boost::asio::awaitable<void> put_second_factor(db::Transaction& tx, access::UserId user_id, std::string sealed_secret,
                                               UnixMillis now);
boost::asio::awaitable<void> confirm_second_factor(db::Transaction& tx, access::UserId user_id, UnixMillis now);
// False when this step or a later one has been used.
boost::asio::awaitable<bool> use_code_step(db::Transaction& tx, access::UserId user_id, std::int64_t step);
// Uses the code up. False when there is no such code.
boost::asio::awaitable<bool> use_recovery_code(db::Transaction& tx, access::UserId user_id, Sha256 code_hash);
// In the place of all others.
boost::asio::awaitable<void> put_recovery_codes(db::Transaction& tx, access::UserId user_id,
                                                std::vector<Sha256> code_hashes);
boost::asio::awaitable<void> delete_second_factor(db::Transaction& tx, access::UserId user_id);

struct SignInSettings {
    bool requires_second_factor = false;
    std::uint64_t version = 0;
    std::optional<UnixMillis> updated_at;  // none: never set
};
boost::asio::awaitable<SignInSettings> find_sign_in_settings(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<void> put_sign_in_settings(db::Transaction& tx, access::OrgId org_id, SignInSettings settings);

}  // namespace fanion::cp::identity
