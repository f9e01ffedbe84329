#pragma once

// What `backup` and `restore` share: options, and how they become places, keys and databases.
// Private to common/cli.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/backup/backup_place.hpp"
#include "common/backup/recipient.hpp"
#include "common/cli/terminal.hpp"
#include "common/embedded_postgres/embedded_postgres.hpp"

namespace fanion::cli {

struct BackupOptions {
    std::string place, credentials_file, ca_file;
    std::string database_url, embedded_postgres, postgres_programs;
    std::string trust;
    // backup
    std::vector<std::string> recipients;
    std::size_t keep = 0, keep_weekly = 0, keep_monthly = 0;
    // keygen
    std::string dir, name = "Fanion backups";
    // verify, restore
    std::string id, key;
    double max_age = 0;  // hours; 0: any
    bool restore = false;
    std::string work_dir;
    std::string bundle, owner;
    bool replace = false;
};

void add_place_options(CLI::App& command, BackupOptions& options);
void add_database_options(CLI::App& command, BackupOptions& options);
void add_key_options(CLI::App& command, BackupOptions& options);
CLI::Option* add_trust_option(CLI::App& command, BackupOptions& options, const char* help);

// Error: invalid_input "no .. given; use ..".
Error nothing_given(const std::string& what, const std::string& option, const std::string& variable);

Result<backup::BackupPlace> open_place(const BackupOptions& options);
Result<backup::OpeningKey> read_key(const BackupOptions& options);

// The database of --database-url, or the one of --embedded-postgres, whose server runs as long as
// this object is there.
class ChosenDatabase {
public:
    static Result<ChosenDatabase> open(const BackupOptions& options);
    ChosenDatabase(ChosenDatabase&&) = default;
    ~ChosenDatabase();

    const std::string& url() const noexcept { return url_; }

private:
    ChosenDatabase() = default;
    std::string url_;
    std::unique_ptr<Log> log_;  // which writes nothing
    std::optional<embedded_postgres::EmbeddedPostgres> cluster_;
};

// The backup of --backup, or the newest complete one. Errors: those of BackupPlace; not_found.
Result<backup::Manifest> choose_backup(backup::BackupPlace& place, const BackupOptions& options);

Exit run_backup(const BackupOptions& options, const Terminal& terminal);
Exit run_backup_keygen(const BackupOptions& options, const Terminal& terminal);
Exit run_backup_list(const BackupOptions& options, const Terminal& terminal);
Exit run_backup_verify(const BackupOptions& options, const Terminal& terminal);
Exit run_restore(const BackupOptions& options, const Terminal& terminal);

}  // namespace fanion::cli
