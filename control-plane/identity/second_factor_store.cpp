#include "control-plane/identity/second_factor_store.hpp"

namespace fanion::cp::identity {

using boost::asio::awaitable;

constexpr db::Statement find_second_factor_sql{
    "find_second_factor", "SELECT sealed_secret, confirmed_at, last_step, recovery_codes FROM second_factor_of($1)"};

awaitable<std::optional<SecondFactor>> find_second_factor(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(find_second_factor_sql, user_id);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return SecondFactor{row.bytes(0), row.optional_time(1), row.i64(2), row.u64(3)};
}

constexpr db::Statement put_second_factor_sql{"put_second_factor", "SELECT put_second_factor($1, $2, $3)"};

awaitable<void> put_second_factor(db::Transaction& tx, access::UserId user_id, std::string sealed_secret,
                                  UnixMillis now) {
    co_await tx.run(put_second_factor_sql, user_id, db::Bytes{sealed_secret}, db::Time{now});
}

constexpr db::Statement confirm_second_factor_sql{"confirm_second_factor", "SELECT confirm_second_factor($1, $2)"};

awaitable<void> confirm_second_factor(db::Transaction& tx, access::UserId user_id, UnixMillis now) {
    co_await tx.run(confirm_second_factor_sql, user_id, db::Time{now});
}

constexpr db::Statement use_code_step_sql{"use_code_step", "SELECT use_code_step($1, $2)"};

awaitable<bool> use_code_step(db::Transaction& tx, access::UserId user_id, std::int64_t step) {
    const auto rows = co_await tx.run(use_code_step_sql, user_id, step);
    co_return rows[0].boolean(0);
}

constexpr db::Statement use_recovery_code_sql{"use_recovery_code", "SELECT use_recovery_code($1, $2)"};

awaitable<bool> use_recovery_code(db::Transaction& tx, access::UserId user_id, Sha256 code_hash) {
    const auto rows = co_await tx.run(use_recovery_code_sql, user_id, code_hash);
    co_return rows[0].boolean(0);
}

constexpr db::Statement put_recovery_codes_sql{"put_recovery_codes", "SELECT put_recovery_codes($1, $2)"};

awaitable<void> put_recovery_codes(db::Transaction& tx, access::UserId user_id, std::vector<Sha256> code_hashes) {
    std::vector<std::string> texts;
    for (const auto& hash : code_hashes) texts.push_back(to_hex(hash));
    co_await tx.run(put_recovery_codes_sql, user_id, texts);
}

constexpr db::Statement delete_second_factor_sql{"delete_second_factor", "SELECT delete_second_factor($1)"};

awaitable<void> delete_second_factor(db::Transaction& tx, access::UserId user_id) {
    co_await tx.run(delete_second_factor_sql, user_id);
}

constexpr db::Statement find_sign_in_settings_sql{
    "find_sign_in_settings",
    "SELECT second_factor = 'required', version, updated_at FROM sign_in_settings WHERE org_id = $1"};

awaitable<SignInSettings> find_sign_in_settings(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(find_sign_in_settings_sql, org_id);
    if (rows.empty()) co_return SignInSettings{};
    co_return SignInSettings{rows[0].boolean(0), rows[0].u64(1), rows[0].time(2)};
}

constexpr db::Statement put_sign_in_settings_sql{
    "put_sign_in_settings",
    "INSERT INTO sign_in_settings (org_id, second_factor, version, updated_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (org_id) DO UPDATE SET second_factor = $2, version = $3, updated_at = $4"};

awaitable<void> put_sign_in_settings(db::Transaction& tx, access::OrgId org_id, SignInSettings settings) {
    co_await tx.run(put_sign_in_settings_sql, org_id, settings.requires_second_factor ? "required" : "optional",
                    settings.version, db::Time{settings.updated_at.value_or(0)});
}

}  // namespace fanion::cp::identity
