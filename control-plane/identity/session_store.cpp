#include "control-plane/identity/session_store.hpp"

#include "control-plane/identity/email.hpp"

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
    "SELECT session_id, user_id, expires_at, used_at, used_from, is_revoked FROM lock_refresh_token($1)"};

awaitable<std::optional<RefreshToken>> lock_refresh_token(db::Transaction& tx, Sha256 token_hash) {
    const auto rows = co_await tx.run(lock_refresh_token_sql, token_hash);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return RefreshToken{access::SessionId(row.string(0)),
                           access::UserId(row.string(1)),
                           row.time(2),
                           row.optional_time(3),
                           row.string(4),
                           row.boolean(5)};
}

constexpr db::Statement use_refresh_token_sql{"use_refresh_token", "SELECT use_refresh_token($1, $2, $3)"};

awaitable<void> use_refresh_token(db::Transaction& tx, Sha256 token_hash, std::string address, UnixMillis now) {
    co_await tx.run(use_refresh_token_sql, token_hash, db::Time{now}, address);
}

constexpr db::Statement revoke_session_sql{"revoke_session", "SELECT revoke_session($1, $2)"};

awaitable<void> revoke_session(db::Transaction& tx, access::SessionId session_id, UnixMillis now) {
    co_await tx.run(revoke_session_sql, session_id, db::Time{now});
}

constexpr db::Statement revoke_sessions_sql{"revoke_sessions", "SELECT revoke_sessions($1, $2)"};

awaitable<void> revoke_sessions_of(db::Transaction& tx, access::UserId user_id, UnixMillis now) {
    co_await tx.run(revoke_sessions_sql, user_id, db::Time{now});
}

constexpr db::Statement put_session_sql{"put_session", "SELECT put_session($1, $2, $3, $4, $5, $6, $7)"};

awaitable<void> put_session(db::Transaction& tx, access::SessionId session_id, access::UserId user_id,
                            SessionPlace place, UnixMillis now, UnixMillis minute, UnixMillis expires_at) {
    co_await tx.run(put_session_sql, session_id, user_id, db::Time{now}, db::Time{minute}, place.address,
                    place.user_agent, db::Time{expires_at});
}

constexpr db::Statement live_session_sql{"live_session", "SELECT last_used_at, only_org FROM live_session($1, $2)"};

awaitable<std::optional<LiveSession>> find_live_session(db::Transaction& tx, access::SessionId session_id,
                                                        UnixMillis now) {
    const auto rows = co_await tx.run(live_session_sql, session_id, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return LiveSession{rows[0].time(0), access::OrgId(rows[0].optional_text(1).value_or(""))};
}

constexpr db::Statement limit_session_sql{"limit_session", "SELECT limit_session($1, $2, $3)"};

awaitable<void> limit_session(db::Transaction& tx, access::SessionId session_id, access::OrgId only_org,
                              std::string provider_id) {
    co_await tx.run(limit_session_sql, session_id, only_org, provider_id);
}

constexpr db::Statement end_sessions_of_provider_sql{"end_sessions_of_provider",
                                                     "SELECT end_sessions_of_provider($1, $2)"};

awaitable<void> end_sessions_of_provider(db::Transaction& tx, std::string provider_id, UnixMillis now) {
    co_await tx.run(end_sessions_of_provider_sql, provider_id, db::Time{now});
}

constexpr db::Statement note_session_use_sql{"note_session_use", "SELECT note_session_use($1, $2, $3, $4)"};

awaitable<void> record_session_use(db::Transaction& tx, access::SessionId session_id, SessionPlace place,
                                   UnixMillis minute) {
    co_await tx.run(note_session_use_sql, session_id, db::Time{minute}, place.address, place.user_agent);
}

constexpr db::Statement put_cookie_sql{"put_cookie", "SELECT put_cookie($1, $2)"};

awaitable<void> put_cookie(db::Transaction& tx, access::SessionId session_id, Sha256 cookie_hash) {
    co_await tx.run(put_cookie_sql, session_id, cookie_hash);
}

constexpr db::Statement renew_cookie_sql{"renew_cookie", "SELECT renew_cookie($1, $2, $3, $4)"};

awaitable<bool> renew_cookie(db::Transaction& tx, Sha256 cookie_hash, CookieRenewal renewal) {
    const auto rows =
        co_await tx.run(renew_cookie_sql, cookie_hash, renewal.rights, renewal.new_hash, db::Time{renewal.old_until});
    co_return rows[0].boolean(0);
}

constexpr db::Statement list_sessions_sql{
    "list_sessions",
    "SELECT session_id, created_at, last_used_at, address, user_agent, expires_at FROM sessions_of($1, $2, $3, $4)"};

awaitable<std::vector<SessionRow>> list_sessions(db::Transaction& tx, access::UserId user_id, UnixMillis now,
                                                 std::string after, std::size_t limit) {
    const auto rows = co_await tx.run(list_sessions_sql, user_id, db::Time{now}, after, limit);
    std::vector<SessionRow> found;
    for (const auto row : rows) {
        found.push_back(
            {access::SessionId(row.string(0)), row.time(1), row.time(2), row.string(3), row.string(4), row.time(5)});
    }
    co_return found;
}

constexpr db::Statement session_of_sql{"session_of", "SELECT session_id FROM session_of($1, $2, $3)"};

awaitable<bool> has_session(db::Transaction& tx, access::UserId user_id, access::SessionId session_id, UnixMillis now) {
    const auto rows = co_await tx.run(session_of_sql, user_id, session_id, db::Time{now});
    co_return !rows.empty();
}

constexpr db::Statement revoke_other_sessions_sql{"revoke_other_sessions",
                                                  "SELECT * FROM revoke_other_sessions($1, $2, $3)"};

awaitable<std::vector<access::SessionId>> revoke_other_sessions(db::Transaction& tx, access::UserId user_id,
                                                                access::SessionId kept, UnixMillis now) {
    const auto rows = co_await tx.run(revoke_other_sessions_sql, user_id, kept, db::Time{now});
    std::vector<access::SessionId> ended;
    for (const auto row : rows) ended.emplace_back(row.string(0));
    co_return ended;
}

constexpr db::Statement lock_sign_in_failures_sql{
    "lock_sign_in_failures", "SELECT failures, last_at, retry_after FROM lock_sign_in_failures($1, $2)"};

awaitable<SignInFailures> lock_sign_in_failures(db::Transaction& tx, std::string subject, UnixMillis now) {
    const auto rows = co_await tx.run(lock_sign_in_failures_sql, subject, db::Time{now});
    co_return SignInFailures{static_cast<std::uint32_t>(rows[0].i64(0)), rows[0].time(1), rows[0].time(2)};
}

constexpr db::Statement put_sign_in_failures_sql{"put_sign_in_failures", "SELECT put_sign_in_failures($1, $2, $3, $4)"};

awaitable<void> put_sign_in_failures(db::Transaction& tx, std::string subject, SignInFailures failures) {
    co_await tx.run(put_sign_in_failures_sql, subject, failures.count, db::Time{failures.last_at},
                    db::Time{failures.retry_after});
}

constexpr db::Statement delete_sign_in_failures_sql{"delete_sign_in_failures", "SELECT delete_sign_in_failures($1)"};

awaitable<void> delete_sign_in_failures(db::Transaction& tx, std::string subject) {
    co_await tx.run(delete_sign_in_failures_sql, subject);
}

constexpr db::Statement has_signed_in_from_sql{"has_signed_in_from", "SELECT has_signed_in_from($1, $2)"};

awaitable<bool> has_signed_in_from(db::Transaction& tx, std::string email, std::string address) {
    const auto rows = co_await tx.run(has_signed_in_from_sql, email_key(email), address);
    co_return rows[0].boolean(0);
}

constexpr db::Statement remember_sign_in_address_sql{"remember_sign_in_address",
                                                     "SELECT remember_sign_in_address($1, $2, $3)"};

awaitable<void> remember_sign_in_address(db::Transaction& tx, access::UserId user_id, std::string address,
                                         UnixMillis now) {
    co_await tx.run(remember_sign_in_address_sql, user_id, address, db::Time{now});
}

constexpr db::Statement forget_sign_in_addresses_sql{"forget_sign_in_addresses", "SELECT forget_sign_in_addresses($1)"};

awaitable<void> forget_sign_in_addresses(db::Transaction& tx, access::UserId user_id) {
    co_await tx.run(forget_sign_in_addresses_sql, user_id);
}

}  // namespace fanion::cp::identity
