#include "control-plane/sign_on/sign_on_store.hpp"

namespace fanion::cp::sign_on {

using boost::asio::awaitable;

constexpr db::Statement forget_used_sql{"forget_used_sign_ons",
                                        "DELETE FROM used_sign_ons WHERE org_id = $1 AND expires_at < $2"};
constexpr db::Statement use_once_sql{
    "use_sign_on_once",
    "INSERT INTO used_sign_ons (org_id, used_sha256, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};

awaitable<bool> use_once(db::Transaction& tx, access::OrgId org_id, Sha256 hash, UnixMillis expires_at,
                         UnixMillis now) {
    co_await tx.run(forget_used_sql, org_id, db::Time{now});
    const auto rows = co_await tx.run(use_once_sql, org_id, hash, db::Time{expires_at});
    co_return rows.affected() == 1;
}

constexpr db::Statement find_identified_sql{
    "find_sign_on_identity",
    "SELECT user_id FROM sign_on_identities WHERE org_id = $1 AND issuer = $2 AND subject = $3"};

awaitable<std::optional<access::UserId>> find_identified(db::Transaction& tx, access::OrgId org_id, Identity identity) {
    const auto rows = co_await tx.run(find_identified_sql, org_id, identity.issuer, identity.subject);
    if (rows.empty()) co_return std::nullopt;
    co_return access::UserId(rows[0].string(0));
}

constexpr db::Statement insert_identity_sql{
    "insert_sign_on_identity",
    "INSERT INTO sign_on_identities (org_id, issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT DO NOTHING"};

awaitable<bool> insert_identity(db::Transaction& tx, access::OrgId org_id, Identity identity, access::UserId user_id,
                                UnixMillis now) {
    const auto rows =
        co_await tx.run(insert_identity_sql, org_id, identity.issuer, identity.subject, user_id, db::Time{now});
    co_return rows.affected() == 1;
}

}  // namespace fanion::cp::sign_on
