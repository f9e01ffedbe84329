#include "control-plane/app/database.hpp"

namespace fanion::cp::app {

Result<Database> Database::open(const Config& config, const Log& log) {
    Database database;
    if (config.embedded_postgres.empty()) {
        database.conninfo_ = config.database_url;
        return database;
    }
    embedded_postgres::EmbeddedPostgresConfig settings;
    settings.directory = config.embedded_postgres;
    settings.system_user = config.postgres_user;
    settings.binaries = config.postgres_binaries;
    auto started = embedded_postgres::EmbeddedPostgres::start(std::move(settings), log);
    if (!started) return started.error();
    database.embedded_ = std::make_unique<embedded_postgres::EmbeddedPostgres>(std::move(*started));
    database.conninfo_ = database.embedded_->conninfo();
    return database;
}

}  // namespace fanion::cp::app
