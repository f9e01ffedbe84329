#include "common/backup/retention.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace fanion::backup {
namespace {

using std::chrono::days;

constexpr UnixMillis unfinished_for = 2 * 24 * 3'600'000LL;

days day_of(const BackupId& id) { return std::chrono::floor<days>(std::chrono::milliseconds(id.begun_at)); }

std::int64_t week_of(const BackupId& id) {
    constexpr std::int64_t monday = 3;  // 1970 began on a Thursday
    return (day_of(id).count() + monday) / 7;
}

std::int64_t month_of(const BackupId& id) {
    const std::chrono::year_month_day date{std::chrono::sys_days(day_of(id))};
    return int{date.year()} * 12 + static_cast<std::int64_t>(unsigned{date.month()}) - 1;
}

// Keeps the newest one of each of the `count` newest periods. `backups`: newest first.
template <class PeriodOf>
void keep_of_periods(const std::vector<StoredBackup>& backups, std::size_t count, PeriodOf period_of,
                     std::set<std::string>& kept) {
    std::set<std::int64_t> seen;
    for (const auto& backup : backups) {
        if (seen.size() == count && !seen.contains(period_of(backup.id))) return;
        if (seen.insert(period_of(backup.id)).second) kept.insert(backup.id.text);
    }
}

}  // namespace

std::vector<std::string> outdated(std::vector<StoredBackup> backups, const Retention& retention, UnixMillis now) {
    std::ranges::sort(backups, [](const auto& a, const auto& b) { return a.id.text > b.id.text; });
    std::vector<StoredBackup> complete;
    std::ranges::copy_if(backups, std::back_inserter(complete), &StoredBackup::is_complete);
    if (retention.newest == 0 || complete.empty()) return {};
    std::set<std::string> kept;
    for (std::size_t i = 0; i < std::min(retention.newest, complete.size()); ++i) kept.insert(complete[i].id.text);
    keep_of_periods(complete, retention.weeks, week_of, kept);
    keep_of_periods(complete, retention.months, month_of, kept);
    if (const auto good = std::ranges::find_if(complete, &StoredBackup::is_good); good != complete.end())
        kept.insert(good->id.text);
    std::vector<std::string> removed;
    for (auto backup = backups.rbegin(); backup != backups.rend(); ++backup) {
        const auto begun_at = backup->id.begun_at;
        const bool may_be_written =
            !backup->is_complete && (begun_at + unfinished_for > now || begun_at > complete.front().id.begun_at);
        if (!kept.contains(backup->id.text) && !may_be_written) removed.push_back(backup->id.text);
    }
    return removed;
}

}  // namespace fanion::backup
