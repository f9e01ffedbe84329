#include "control-plane/identity/session_store.hpp"

namespace fanion::cp::identity {

using boost::asio::awaitable;

constexpr db::Statement insert_refresh_token_sql{
    "insert_refresh_token",
    "INSERT INTO refresh_tokens (token_sha256, session_id, user_id, expires_at) VALUES ($1, $2, $3, $4)"};

awaitable<void> insert_refresh_token(db::Transaction& tx, Sha256 token_hash, RefreshToken token) {
    co_await tx.run(insert_refresh_token_sql, token_hash, token.session_id, token.user_id, db::Time{token.expires_at});
}

constexpr db::Statement lock_refresh_token_sql{
    "lock_refresh_token",
    "SELECT session_id, user_id, expires_at, used_at IS NOT NULL, revoked_at IS NOT NULL FROM refresh_tokens "
    "WHERE token_sha256 = $1 FOR UPDATE"};

awaitable<std::optional<RefreshToken>> lock_refresh_token(db::Transaction& tx, Sha256 token_hash) {
    const auto rows = co_await tx.run(lock_refresh_token_sql, token_hash);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return RefreshToken{access::SessionId(row.string(0)), access::UserId(row.string(1)), row.time(2), row.boolean(3),
                           row.boolean(4)};
}

constexpr db::Statement use_refresh_token_sql{"use_refresh_token",
                                              "UPDATE refresh_tokens SET used_at = $2 WHERE token_sha256 = $1"};

awaitable<void> use_refresh_token(db::Transaction& tx, Sha256 token_hash, UnixMillis now) {
    co_await tx.run(use_refresh_token_sql, token_hash, db::Time{now});
}

constexpr db::Statement revoke_session_sql{
    "revoke_session", "UPDATE refresh_tokens SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL"};

awaitable<void> revoke_session(db::Transaction& tx, access::SessionId session_id, UnixMillis now) {
    co_await tx.run(revoke_session_sql, session_id, db::Time{now});
}

constexpr db::Statement is_session_live_sql{
    "is_session_live", "SELECT EXISTS (SELECT FROM refresh_tokens WHERE session_id = $1 AND revoked_at IS NULL)"};

awaitable<bool> is_session_live(db::Transaction& tx, access::SessionId session_id) {
    const auto rows = co_await tx.run(is_session_live_sql, session_id);
    co_return rows[0].boolean(0);
}

constexpr db::Statement lock_sign_in_failures_sql{
    "lock_sign_in_failures",
    "SELECT failures, last_at, retry_after FROM sign_in_failures WHERE subject = $1 FOR UPDATE"};

awaitable<SignInFailures> lock_sign_in_failures(db::Transaction& tx, std::string subject) {
    const auto rows = co_await tx.run(lock_sign_in_failures_sql, subject);
    if (rows.empty()) co_return SignInFailures{};
    co_return SignInFailures{static_cast<std::uint32_t>(rows[0].i64(0)), rows[0].time(1), rows[0].time(2)};
}

constexpr db::Statement put_sign_in_failures_sql{
    "put_sign_in_failures",
    "INSERT INTO sign_in_failures (subject, failures, last_at, retry_after) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (subject) DO UPDATE SET failures = $2, last_at = $3, retry_after = $4"};

awaitable<void> put_sign_in_failures(db::Transaction& tx, std::string subject, SignInFailures failures) {
    co_await tx.run(put_sign_in_failures_sql, subject, failures.count, db::Time{failures.last_at},
                    db::Time{failures.retry_after});
}

constexpr db::Statement delete_sign_in_failures_sql{"delete_sign_in_failures",
                                                    "DELETE FROM sign_in_failures WHERE subject = $1"};

awaitable<void> delete_sign_in_failures(db::Transaction& tx, std::string subject) {
    co_await tx.run(delete_sign_in_failures_sql, subject);
}

}  // namespace fanion::cp::identity
