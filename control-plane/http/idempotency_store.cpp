#include "control-plane/http/idempotency_store.hpp"

#include <algorithm>

namespace fanion::cp::http {

using boost::asio::awaitable;

constexpr db::Statement expire_idempotency_keys_sql{
    "expire_idempotency_keys",
    "DELETE FROM idempotency_keys WHERE (org_id, key_sha256) IN (SELECT org_id, key_sha256 FROM idempotency_keys "
    "WHERE org_id = $1 AND created_at < $2 ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED)"};

constexpr db::Statement claim_idempotency_key_sql{
    "claim_idempotency_key",
    "INSERT INTO idempotency_keys AS held (org_id, key_sha256, request_sha256, response, created_at) "
    "VALUES ($1, $2, $3, '', $4::timestamptz) ON CONFLICT (org_id, key_sha256) DO UPDATE "
    "SET request_sha256 = EXCLUDED.request_sha256, response = '', created_at = EXCLUDED.created_at "
    "WHERE held.created_at < $5::timestamptz RETURNING 1"};

constexpr db::Statement find_idempotency_key_sql{
    "find_idempotency_key",
    "SELECT request_sha256, response FROM idempotency_keys WHERE org_id = $1 AND key_sha256 = $2"};

awaitable<std::optional<StoredResponse>> claim_idempotency_key(db::Transaction& tx, access::OrgId org_id,
                                                               const IdempotentRequest& request, UnixMillis now) {
    const db::Time oldest{now - idempotency_ms};
    co_await tx.run(expire_idempotency_keys_sql, org_id, oldest);
    const auto claimed = co_await tx.run(claim_idempotency_key_sql, org_id, request.key_sha256, request.request_sha256,
                                         db::Time{now}, oldest);
    if (!claimed.empty()) co_return std::nullopt;
    const auto rows = co_await tx.run(find_idempotency_key_sql, org_id, request.key_sha256);
    if (rows.empty()) co_return std::nullopt;
    co_return StoredResponse{rows[0].sha256(0), rows[0].bytes(1)};
}

constexpr db::Statement store_idempotent_response_sql{
    "store_idempotent_response", "UPDATE idempotency_keys SET response = $3 WHERE org_id = $1 AND key_sha256 = $2"};

awaitable<void> store_idempotent_response(db::Transaction& tx, access::OrgId org_id, const IdempotentRequest& request,
                                          std::string sealed) {
    co_await tx.run(store_idempotent_response_sql, org_id, request.key_sha256, db::Bytes{sealed});
}

}  // namespace fanion::cp::http
