#pragma once

// The SQL that restores a dump: what pg_restore makes of it, in one transaction with what has to
// come before and after. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace fanion::backup {

struct ScriptSettings {
    std::string dumped_owner;   // role that owned the schema
    std::string owner;          // role that is to own it
    bool is_replacing = false;  // whether there may be a schema of ours
    int server_major = 0;
    std::vector<std::string> extensions;
};

// Before pg_restore's script: begins the transaction, removes what is replaced, makes the roles.
std::string prologue(const ScriptSettings& settings);
// After it. The control plane starts a new epoch when it finds a database that is not the one of
// which the identity is stored (docs/distribution.md): a restored one never is. The epoch follows
// `highest_epoch`, of the database that was replaced.
std::string epilogue(std::string_view backup_id, std::uint64_t highest_epoch);

// Changes pg_restore's script line by line, but for the data in it: the owner's name, and what a
// role that is no superuser needs.
class ScriptRewriter {
public:
    explicit ScriptRewriter(ScriptSettings settings) : settings_(std::move(settings)) {}

    // What `bytes` completes.
    std::string feed(std::string_view bytes);
    // The last line, which no line feed ends.
    std::string finish();

private:
    void append_line(std::string_view line, std::string& out);

    ScriptSettings settings_;
    std::string rest_;
    bool is_data_ = false;
};

}  // namespace fanion::backup
