#include "control-plane/keys/relay_keys.hpp"

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/model/json.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/keys/key_request.hpp"

namespace fanion::cp::keys {

namespace {

using boost::asio::awaitable;

constexpr UnixMillis use_resolution = 60'000;

Error unknown_key() { return {Errc::unauthenticated, "this relay key is not known here"}; }

struct KeyRow {
    access::KeyId key_id;
    access::OrgId org_id;
    std::optional<access::ProjectId> project_id;
    std::optional<access::EnvironmentId> env_id;
    std::optional<UnixMillis> not_before;
    std::optional<UnixMillis> not_after;
    bool revoked = false;
};

KeyRow to_key_row(db::Row row) {
    KeyRow key;
    key.key_id = access::KeyId(row.string(0));
    key.org_id = access::OrgId(row.string(1));
    if (!row.is_null(2)) key.project_id = access::ProjectId(row.string(2));
    if (!row.is_null(3)) key.env_id = access::EnvironmentId(row.string(3));
    key.not_before = row.optional_time(4);
    key.not_after = row.optional_time(5);
    key.revoked = row.boolean(6);
    return key;
}

Result<> check_validity(const KeyRow& key, UnixMillis now) {
    if (key.revoked) return Error{Errc::unauthenticated, "the relay key was revoked"};
    if (key.not_before && now < *key.not_before) return Error{Errc::unauthenticated, "the relay key is not valid yet"};
    if (key.not_after && now >= *key.not_after) return Error{Errc::unauthenticated, "the relay key has expired"};
    return {};
}

}  // namespace

constexpr db::Statement relay_key_by_hash_sql{
    "relay_key_by_hash",
    "SELECT key_id, org_id, project_id, env_id, not_before, not_after, revoked_at IS NOT NULL, kind "
    "FROM find_api_key($1)"};

constexpr db::Statement relay_key_grants_sql{"relay_key_grants",
                                             "SELECT env_id, is_deleted FROM environments_of_key($1, $2, $3)"};

awaitable<Result<RelayIdentity>> RelayKeys::authenticate(std::string_view credential, UnixMillis now) {
    const auto parsed = parse_api_key(credential);
    if (!parsed) co_return Error{Errc::unauthenticated, "send a relay key: Authorization: Bearer fan_rly_.."};
    if (parsed->kind != key_prefix(model::AccessEntry::Kind::relay))
        co_return Error{Errc::forbidden, "this is not a relay key"};
    const Sha256 hash = sha256(credential);
    co_return co_await identify(hash, now);
}

awaitable<Result<RelayIdentity>> RelayKeys::identify(Sha256 hash, UnixMillis now) {
    try {
        const auto rows = co_await pool_.run_once(db::Scope::none(), relay_key_by_hash_sql, hash);
        if (rows.empty()) co_return unknown_key();
        const auto row = rows[0];
        if (row.text(7) != model::name_of(model::AccessEntry::Kind::relay))
            co_return Error{Errc::forbidden, "this is not a relay key"};
        const auto key = to_key_row(row);
        if (auto valid = check_validity(key, now); !valid) co_return valid.error();
        auto tx = co_await pool_.begin(db::Scope::none(), db::Mode::snapshot);
        const auto environments = co_await tx.run(relay_key_grants_sql, key.org_id, key.project_id, key.env_id);
        RelayIdentity identity{key.key_id, key.org_id, hash, {}, {}, key.not_after};
        for (const auto environment : environments) {
            auto& env_ids = environment.boolean(1) ? identity.deleted_env_ids : identity.env_ids;
            env_ids.emplace_back(environment.string(0));
        }
        std::sort(identity.env_ids.begin(), identity.env_ids.end());
        std::sort(identity.deleted_env_ids.begin(), identity.deleted_env_ids.end());
        record_use(identity, now);
        co_return identity;
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
        co_return Error{Errc::unavailable, "the database is unavailable; try again"};
    }
}

void RelayKeys::record_use(const RelayIdentity& identity, UnixMillis now) {
    auto& use = uses_[identity.key_id];
    use.org_id = identity.org_id;
    use.at = std::max(use.at, now);
}

// Other replicas write the same keys.
constexpr db::Statement touch_relay_key_sql{
    "touch_relay_key",
    "UPDATE api_keys SET last_used_at = $2 "
    "WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')"};

awaitable<void> RelayKeys::write_uses() {
    std::vector<access::KeyId> due;
    for (const auto& [key_id, use] : uses_) {
        if (use.at - use.written >= use_resolution) due.push_back(key_id);
    }
    for (const auto& key_id : due) {
        const auto use = uses_[key_id];
        const db::Time at{use.at};
        auto scope = db::Scope::tenant(use.org_id.str());
        co_await pool_.run_once(std::move(scope), touch_relay_key_sql, key_id, at);
        uses_[key_id].written = use.at;
    }
}

}  // namespace fanion::cp::keys
