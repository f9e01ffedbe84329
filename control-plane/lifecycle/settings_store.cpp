#include "control-plane/lifecycle/settings_store.hpp"

namespace fanion::cp::lifecycle {

using boost::asio::awaitable;

constexpr db::Statement find_lifecycle_settings_sql{
    "find_lifecycle_settings",
    "SELECT constant_days, unused_days, version, updated_at, release_days, experiment_days, operational_days, "
    "permission_days FROM lifecycle_settings WHERE project_id = $1"};

awaitable<StoredSettings> find_lifecycle_settings(db::Transaction& tx, access::ProjectId project_id) {
    const auto rows = co_await tx.run(find_lifecycle_settings_sql, project_id);
    StoredSettings stored;
    if (rows.empty()) co_return stored;
    const auto row = rows[0];
    stored.settings.constant_days = static_cast<int>(row.i64(0));
    stored.settings.unused_days = static_cast<int>(row.i64(1));
    stored.version = row.u64(2);
    stored.updated_at = row.time(3);
    int column = 4;
    for (auto& days : stored.settings.lifetime_days) {
        days.reset();
        if (!row.is_null(column)) days = static_cast<int>(row.i64(column));
        ++column;
    }
    co_return stored;
}

constexpr db::Statement put_lifecycle_settings_sql{
    "put_lifecycle_settings",
    "INSERT INTO lifecycle_settings (org_id, project_id, constant_days, unused_days, version, updated_at, "
    "release_days, "
    "experiment_days, operational_days, permission_days) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (project_id) DO UPDATE SET constant_days = $3, unused_days = $4, version = $5, updated_at = $6, "
    "release_days = $7, experiment_days = $8, operational_days = $9, permission_days = $10"};

awaitable<void> put_lifecycle_settings(db::Transaction& tx, access::OrgId org_id, access::ProjectId project_id,
                                       StoredSettings stored) {
    const auto& settings = stored.settings;
    const auto& days = settings.lifetime_days;
    co_await tx.run(put_lifecycle_settings_sql, org_id, project_id, settings.constant_days, settings.unused_days,
                    stored.version, db::Time{stored.updated_at.value_or(0)}, days[0], days[1], days[2], days[3]);
}

}  // namespace fanion::cp::lifecycle
