#pragma once

// Which backups are removed after a new one is complete. Pure.

#include <string>
#include <vector>

#include "common/backup/backup_id.hpp"

namespace fanion::backup {

struct StoredBackup {
    BackupId id;
    bool is_complete = false;  // has a manifest
    bool is_good = false;      // and that is whole, and speaks of no problem
};

// 0: keeps all of that kind. What no rule keeps is removed.
struct Retention {
    std::size_t newest = 0;  // so many of the newest complete ones; 0 removes nothing at all
    std::size_t weeks = 0;   // and of each of so many weeks (from Monday, UTC) the last one
    std::size_t months = 0;  // and of each of so many months
};

// The ids of those to be removed, oldest first, all of the same installation. Kept in any case: the
// newest complete and the newest good one, and unfinished ones that were begun less than two days
// before `now` or after the newest complete one: somebody may be writing them.
std::vector<std::string> outdated(std::vector<StoredBackup> backups, const Retention& retention, UnixMillis now);

}  // namespace fanion::backup
