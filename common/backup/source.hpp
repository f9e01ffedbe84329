#pragma once

// What a backup reads of an installation's database, besides the dump: all in one transaction,
// whose snapshot the dump uses too. Blocking; one thread.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/backup/database.hpp"
#include "common/backup/manifest.hpp"

namespace fanion::backup {

// Whether the session may read everything: row-level security hides rows from whoever does not
// bypass it. Errors: conflict (no database of Fanion), forbidden, which says what to grant.
Result<> check_source(Database& database);

// Begins the transaction and returns the name of its snapshot.
Result<std::string> begin_snapshot(Database& database);

// Fills in what the database says of itself: issuer, epoch, schema, versions, owner, extensions.
Result<> read_facts(Database& database, Manifest& manifest);

// The number of rows of each table.
Result<std::map<std::string, std::uint64_t>> count_rows(Database& database);

struct StoredRuleset {
    std::string env_id;
    std::string place;    // org/project/env
    std::string version;  // "<epoch>.<version>"
    std::string bytes;    // the signed form
};
// Every published environment that is not deleted, one after another.
Result<> read_rulesets(Database& database, const std::function<Result<>(StoredRuleset)>& take);

}  // namespace fanion::backup
