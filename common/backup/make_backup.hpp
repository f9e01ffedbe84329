#pragma once

// Makes one backup. Blocking; one thread.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/backup/backup_place.hpp"
#include "common/backup/recipient.hpp"
#include "common/base/clock.hpp"

namespace fanion::backup {

// Says how far something is that takes long. May be empty.
using Note = std::function<void(const std::string&)>;

struct BackupRequest {
    std::string database_url;
    std::string postgres_programs;  // folder; empty: looked for
    std::vector<Recipient> recipients;
    std::string trust;            // trust documents, oldest first
    std::uint64_t trust_version;  // of the newest
    std::string program_version;
    // Why a signed ruleset does not verify; "" if it does. It is stored in any case.
    std::function<std::string(const std::string& bytes)> problem_of;
    Note note;
};

// The manifest of the backup, which is complete. After an error nothing of it is left in the
// place, as far as that can be reached. Errors: those of Database, check_source(), BackupPlace and
// find_client_program(); conflict (another backup of this installation began in the same second);
// internal, with the words of pg_dump.
Result<Manifest> make_backup(BackupPlace& place, const BackupRequest& request, const Clock& clock);

// "12.3 MiB"
std::string size_text(std::uint64_t bytes);

}  // namespace fanion::backup
