#include "control-plane/app/config.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "control-plane/app/version.hpp"

namespace fanion::cp::app {

namespace {

config::Program program() {
    return {
        "fanion-control-plane",
        "Fanion's control plane: decides in PostgreSQL, signs, distributes.",
        version_text,
        "Every option can be given as FANION_<NAME IN CAPITALS> in the environment, and in the file under its name.",
        {{"serve", "runs until SIGTERM"},
         {"migrate", "brings the database to this program's schema"},
         {"bootstrap", "makes the first organisation; prints its owner's one-time setup token"}}};
}

void describe_database(config::Options& options, Config& c) {
    options.group("Database (one of the first two)");
    options.add("database-url", "PostgreSQL, as libpq knows it (also DATABASE_URL)")
        .text(c.database_url)
        .also("DATABASE_URL");
    options.add("embedded-postgres", "directory of a private PostgreSQL cluster, made and run by this program")
        .path(c.embedded_postgres);
    options.add("embedded-postgres-user", "whom a new cluster runs as when we are root").text(c.postgres_user);
    options.add("embedded-postgres-bin", "folder with initdb and postgres").path(c.postgres_binaries);
    options.add("pool-size", "connections to the database").number(c.pool_size, 1, 1000);
    options.add("statement-timeout", "milliseconds").duration(c.statement_timeout, 100, 600'000);
}

void describe_serve(config::Options& options, Config& c) {
    options.group("Serve");
    options.add("listen", "admin API and relays").endpoint(c.listen);
    options.add("operators-listen", "health and metrics").endpoint(c.operators_listen);
    options.add("data-dir", "directory of keys and trust document; made when missing (a single machine)")
        .path(c.data_dir);
    options.add("trust", "file of trust documents").path(c.trust).otherwise("DATA-DIR/trust.json").reread();
    options.add("signing-key", "file of the key that signs rulesets")
        .path(c.signing_key)
        .otherwise("DATA-DIR/signer.pem")
        .reread();
    options.add("jwt-key", "file of the key that signs access tokens")
        .path(c.jwt_key)
        .otherwise("DATA-DIR/jwt.pem")
        .reread();
    options.add("blocking-threads", "threads for hashing and compiling").number(c.blocking_threads, 1, 64);
    options.add("stop-timeout", "milliseconds for requests under way at the end")
        .duration(c.stop_timeout, 0, 600'000)
        .reread();
    options.add("log-level", "debug, info, warn or error").level(c.log_level).reread();
    options.add("migrate", "migrate the database at the start").flag(c.migrate);
}

// What must be there, depending on the command.
void validate_all(Config& config, config::Reading& out) {
    // A cluster of our own is asked for by name; a DATABASE_URL may just be lying about.
    if (!config.embedded_postgres.empty()) config.database_url.clear();
    if (config.database_url.empty() && config.embedded_postgres.empty()) {
        out.fail("no database: give --database-url (or DATABASE_URL) or --embedded-postgres DIR");
    }
    if (config.command == Command::serve && config.data_dir.empty()) {
        if (config.trust.empty()) out.fail("trust", "needed where there is no --data-dir");
        if (config.signing_key.empty()) out.fail("signing-key", "needed where there is no --data-dir");
        if (config.jwt_key.empty()) out.fail("jwt-key", "needed where there is no --data-dir");
    }
    if (config.command == Command::bootstrap) {
        if (!is_valid_key(config.org)) out.fail("org", "needed: a key of letters, digits, '.', '_' and '-'");
        if (config.email.find('@') == std::string::npos) out.fail("email", "needed: an e-mail address");
    }
}

Command selected(config::Reading& out) {
    const auto is_given = [&out](std::string_view name) {
        return std::ranges::find(out.commands, name) != out.commands.end();
    };
    if (is_given("migrate")) return Command::migrate;
    if (is_given("bootstrap")) return Command::bootstrap;
    if (!is_given("serve")) out.fail("no command: serve, migrate or bootstrap");
    return Command::serve;
}

}  // namespace

config::Options describe_options(Config& c) {
    config::Options options;
    options.add("check", "migrate: only tell, with exit status 1, whether it is needed").flag(c.check);
    describe_database(options, c);
    describe_serve(options, c);
    options.group("Bootstrap");
    options.add("org", "key of the first organisation").text(c.org);
    options.add("org-name", "its name").text(c.org_name).otherwise("the key");
    options.add("email", "e-mail address of its first owner").text(c.email);
    return options;
}

ParsedConfig parse_config(const std::vector<std::string>& arguments, const config::Environment& environment) {
    ParsedConfig out;
    auto& reading = static_cast<config::Reading&>(out);
    reading = config::parse(program(), describe_options(out.config), arguments, environment);
    if (out.answer) return out;
    out.config.command = selected(out);
    validate_all(out.config, out);
    return out;
}

}  // namespace fanion::cp::app
