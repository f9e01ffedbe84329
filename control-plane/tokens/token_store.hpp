#pragma once

// Tokens of people and of service accounts: their rows, never their secrets. Functions run in the
// caller's transaction and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/rows.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/tokens/token.hpp"

namespace fanion::cp::tokens {

// Of rows with token_id, name, scopes, created_at, expires_at, revoked_at, last_used_at and
// replaces from the column `first` on.
Token to_token(db::Row row, int first = 0);
// Of rows that begin with these columns, and then have account_id, role and created_by.
ServiceToken to_service_token(db::Row row);

// Any scope. Does nothing for a use before the last one.
boost::asio::awaitable<void> record_token_use(db::Transaction& tx, access::TokenId token_id, UnixMillis at);

// Tokens of a person. Any scope. Whoever writes them holds the lock of the person
// (identity::lock_user).

// Newest first; revoked and expired ones too. The first `limit` that come after the token `after`,
// or from the newest if it is empty.
boost::asio::awaitable<std::vector<Token>> list_personal_tokens(db::Transaction& tx, access::UserId user_id,
                                                                std::string after, std::size_t limit);
boost::asio::awaitable<std::optional<Token>> find_personal_token(db::Transaction& tx, access::UserId user_id,
                                                                 access::TokenId token_id);
boost::asio::awaitable<std::size_t> count_live_personal_tokens(db::Transaction& tx, access::UserId user_id,
                                                               UnixMillis now);
boost::asio::awaitable<void> insert_personal_token(db::Transaction& tx, access::UserId user_id, Token token,
                                                   Sha256 token_hash);
// The live token that a rotation has put in the place of `token_id`; empty if there is none.
boost::asio::awaitable<access::TokenId> personal_token_replacing(db::Transaction& tx, access::UserId user_id,
                                                                 access::TokenId token_id, UnixMillis now);
boost::asio::awaitable<void> revoke_personal_token(db::Transaction& tx, access::UserId user_id,
                                                   access::TokenId token_id, UnixMillis now);
boost::asio::awaitable<void> revoke_personal_tokens_of(db::Transaction& tx, access::UserId user_id, UnixMillis now);
// Brings the expiry forward; does nothing when the token expires before `at`.
boost::asio::awaitable<void> expire_personal_token(db::Transaction& tx, access::UserId user_id,
                                                   access::TokenId token_id, UnixMillis at);

// Tokens of service accounts. In the scope of the organisation.

boost::asio::awaitable<std::vector<ServiceToken>> list_service_tokens(db::Transaction& tx, access::OrgId org_id,
                                                                      std::string after, std::size_t limit);
boost::asio::awaitable<std::optional<ServiceToken>> find_service_token(db::Transaction& tx, access::OrgId org_id,
                                                                       access::TokenId token_id);
// The same, with the rows of all tokens of the account locked.
boost::asio::awaitable<std::optional<ServiceToken>> lock_service_token(db::Transaction& tx, access::OrgId org_id,
                                                                       access::TokenId token_id);
// The newest token of an account that is neither revoked nor expired.
boost::asio::awaitable<std::optional<ServiceToken>> live_token_of_account(db::Transaction& tx, access::OrgId org_id,
                                                                          access::ServiceAccountId account_id,
                                                                          UnixMillis now);
boost::asio::awaitable<void> insert_service_token(db::Transaction& tx, access::OrgId org_id, ServiceToken token,
                                                  Sha256 token_hash);
boost::asio::awaitable<access::TokenId> service_token_replacing(db::Transaction& tx, access::OrgId org_id,
                                                                access::TokenId token_id, UnixMillis now);
boost::asio::awaitable<void> revoke_service_token(db::Transaction& tx, access::OrgId org_id, access::TokenId token_id,
                                                  UnixMillis now);
boost::asio::awaitable<void> expire_service_token(db::Transaction& tx, access::OrgId org_id, access::TokenId token_id,
                                                  UnixMillis at);

}  // namespace fanion::cp::tokens
