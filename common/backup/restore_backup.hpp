#pragma once

// Brings the dump of a backup into a database, in one transaction: all of it or nothing. Blocking.

#include <string>

#include "common/backup/make_backup.hpp"

namespace fanion::backup {

struct RestoreRequest {
    std::string database_url;
    std::string postgres_programs;  // folder; empty: looked for
    std::string owner;              // empty: the role of the same name as in the backup, if there is one
    bool replace = false;           // what the database has of Fanion
    Note note;
};

struct Restored {
    std::string database;  // for people
    std::string owner;
    std::uint64_t epoch = 0;  // that the control plane goes beyond
    bool has_replaced = false;
};

// Errors: those of Database, of read_stream() and of find_client_program(); conflict: the database
// is not empty, is used by a control plane, or is of an older version of PostgreSQL; invalid_input:
// there is no such owner; internal with the server's words. Nothing has changed then.
Result<Restored> restore_backup(BackupPlace& place, const Manifest& manifest, const OpeningKey& key,
                                const RestoreRequest& request);

}  // namespace fanion::backup
