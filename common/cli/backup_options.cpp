#include "common/cli/backup_options.hpp"

#include <cstdlib>

#include "common/cli/files.hpp"

namespace fanion::cli {

void add_place_options(CLI::App& command, BackupOptions& options) {
    command
        .add_option("--place", options.place, "folder or bucket of the backups: a path, or s3://BUCKET[/PREFIX][?..]")
        ->envname("FANION_BACKUP_PLACE");
    command.add_option("--store-credentials", options.credentials_file, "file with the credentials of the bucket");
    command.add_option("--store-ca-file", options.ca_file, "PEM file of the certificate authorities trusted there");
}

void add_database_options(CLI::App& command, BackupOptions& options) {
    auto* url = command
                    .add_option("--database-url", options.database_url,
                                "connection string of PostgreSQL; better in the variable, which others do not see")
                    ->envname("FANION_DATABASE_URL");
    command
        .add_option("--embedded-postgres", options.embedded_postgres, "the directory of an embedded cluster instead")
        ->envname("FANION_EMBEDDED_POSTGRES")
        ->excludes(url);
    command
        .add_option("--postgres-programs", options.postgres_programs,
                    "folder with pg_dump, pg_restore and psql; default: the distribution's, then PATH")
        ->envname("FANION_POSTGRES_PROGRAMS");
}

void add_key_options(CLI::App& command, BackupOptions& options) {
    command.add_option("--backup", options.id, "name of the backup; default: the newest complete one");
    command.add_option("--key", options.key, "file with the private key that opens it")->envname("FANION_BACKUP_KEY");
}

CLI::Option* add_trust_option(CLI::App& command, BackupOptions& options, const char* help) {
    return command.add_option("--trust", options.trust, help)->envname("FANION_BACKUP_TRUST");
}

Error nothing_given(const std::string& what, const std::string& option, const std::string& variable) {
    return {Errc::invalid_input, "no " + what + " given; use " + option + " or " + variable};
}

Result<backup::BackupPlace> open_place(const BackupOptions& options) {
    if (options.place.empty()) return nothing_given("place of backups", "--place", "FANION_BACKUP_PLACE");
    return backup::BackupPlace::open(options.place,
                                     {.credentials_file = options.credentials_file, .ca_file = options.ca_file});
}

Result<backup::OpeningKey> read_key(const BackupOptions& options) {
    if (options.key.empty()) return nothing_given("private key", "--key", "FANION_BACKUP_KEY");
    const auto pem = read_file(options.key);
    if (!pem) return pem.error();
    auto key = backup::OpeningKey::from_pem(*pem);
    if (!key) return Error{Errc::invalid_input, options.key + " " + key.error().detail};
    return key;
}

Result<ChosenDatabase> ChosenDatabase::open(const BackupOptions& options) {
    ChosenDatabase chosen;
    chosen.url_ = options.database_url;
    if (chosen.url_.empty() && options.embedded_postgres.empty()) {
        const char* url = std::getenv("DATABASE_URL");  // NOLINT(concurrency-mt-unsafe): nobody sets variables
        if (url == nullptr || *url == '\0')
            return nothing_given("database", "--database-url, --embedded-postgres", "FANION_DATABASE_URL");
        chosen.url_ = url;
    }
    if (options.embedded_postgres.empty()) return chosen;
    std::error_code ignored;
    if (!std::filesystem::is_directory(options.embedded_postgres, ignored))
        return Error{Errc::invalid_input, options.embedded_postgres + ": there is no such directory"};
    chosen.log_ = std::make_unique<Log>(-1, LogLevel::error);
    embedded_postgres::EmbeddedPostgresConfig config;
    config.directory = options.embedded_postgres;
    auto cluster = embedded_postgres::EmbeddedPostgres::start(std::move(config), *chosen.log_);
    if (!cluster) return cluster.error();
    chosen.url_ = cluster->superuser_conninfo_for("fanion");
    chosen.cluster_.emplace(std::move(*cluster));
    return chosen;
}

ChosenDatabase::~ChosenDatabase() {
    if (cluster_) cluster_->stop();
}

Result<backup::Manifest> choose_backup(backup::BackupPlace& place, const BackupOptions& options) {
    const auto found = place.list();
    if (!found) return found.error();
    for (auto backup = found->rbegin(); backup != found->rend(); ++backup) {
        if (!options.id.empty() && backup->id.text != options.id) continue;
        if (backup->is_complete()) return place.manifest(backup->id.text);
        if (!options.id.empty())
            return Error{Errc::not_found, "backup " + options.id + " in " + place.shown() + " was never finished"};
    }
    return Error{Errc::not_found, place.shown() + " has no " +
                                      (options.id.empty() ? std::string("complete backup") : "backup " + options.id)};
}

}  // namespace fanion::cli
