#pragma once

// A migration as the program holds it, and what its marks say. A mark is a comment on a line of its
// own in the migration's text; tests/lint/check_migrations refuses others than these:
//
//     -- compatible-from: V053      programs that know version 53 or a later one work beside it
//     -- incompatible: <reason>     no earlier program works beside it, as without any mark
//     -- transaction: none          its statements run one by one, outside a transaction
//     -- allow: <rule>: <reason>    for that lint only
//
// Pure.

#include <string>
#include <string_view>
#include <vector>

namespace fanion::cp::db {

struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};

struct MigrationMarks {
    int compatible_from = 0;  // the lowest version that a program must know to work after the migration
    bool in_transaction = true;
};

MigrationMarks marks_of(const Migration& migration);

// The statements of a migration that runs outside a transaction, each of which ends with ';' at the
// end of a line. Lines of comments are left out.
std::vector<std::string> statements_of(std::string_view sql);

}  // namespace fanion::cp::db
