#include "common/embedded_postgres/embedded_postgres.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "common/embedded_postgres/postgres_files.hpp"

namespace fanion::embedded_postgres {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr const char* superuser = "fanion";  // made by initdb; used here only
constexpr const char* owner = "fanion_owner";
constexpr const char* port = "5432";
constexpr auto question_limit = 10s;  // for programs that answer at once, such as pg_ctl status

std::string in_seconds(std::chrono::milliseconds time) {
    return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

// What the programs log in as owns the database and its tables, and may create the roles of the schema, but is not a superuser.
// In a cluster of a version before this role, the superuser owns all of it.
constexpr const char* owner_script =
    "DO $$ DECLARE found name; BEGIN "
    "IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fanion_owner') THEN "
    "CREATE ROLE fanion_owner LOGIN CREATEROLE; END IF; "
    "IF (SELECT datdba FROM pg_database WHERE datname = current_database()) <> 'fanion_owner'::regrole THEN "
    "EXECUTE format('ALTER DATABASE %I OWNER TO fanion_owner', current_database()); END IF; "
    "IF (SELECT nspowner FROM pg_namespace WHERE nspname = 'fanion') <> 'fanion_owner'::regrole THEN "
    "FOR found IN SELECT rolname FROM pg_roles WHERE rolname IN ('fanion_app', 'fanion_lookup') LOOP "
    "EXECUTE format('GRANT %I TO fanion_owner', found); END LOOP; "
    "ALTER SCHEMA fanion OWNER TO fanion_owner; "
    "FOR found IN SELECT relname FROM pg_class WHERE relnamespace = 'fanion'::regnamespace AND relkind = 'r' LOOP "
    "EXECUTE format('ALTER TABLE fanion.%I OWNER TO fanion_owner', found); END LOOP; "
    "END IF; END $$";

// As process 1 of a container we inherit the server from pg_ctl.
void reap(pid_t ended) { waitpid(ended, nullptr, WNOHANG); }

}  // namespace

std::string EmbeddedPostgres::conninfo_of(const char* user, const std::string& database) const {
    return "host='" + config_.directory.string() + "' port=" + port + " user=" + user + " dbname=" + database;
}

std::string EmbeddedPostgres::conninfo_for(const std::string& database) const { return conninfo_of(owner, database); }

std::string EmbeddedPostgres::superuser_conninfo_for(const std::string& database) const {
    return conninfo_of(superuser, database);
}

Result<EmbeddedPostgres> EmbeddedPostgres::start(EmbeddedPostgresConfig config, const Log& log) {
    config.directory = fs::absolute(config.directory).lexically_normal();
    if (!config.directory.has_filename()) config.directory = config.directory.parent_path();
    EmbeddedPostgres postgres(std::move(config), log);
    if (auto r = check_directory_name(postgres.config_.directory); !r) return r.error();
    const auto user = prepare_directory(postgres.config_.directory, postgres.config_.system_user);
    if (!user) return user.error();
    postgres.user_ = *user;
    const auto lock = lock_directory(postgres.config_.directory);
    if (!lock) return lock.error();
    if (auto r = postgres.join_users(); !r) return r.error();
    if (auto r = postgres.find_binaries(); !r) return r.error();
    if (auto r = postgres.make_cluster(); !r) return r.error();
    if (auto r = postgres.launch(); !r) return r.error();
    if (auto r = postgres.make_database(); !r) return r.error();
    return postgres;
}

Result<> EmbeddedPostgres::join_users() {
    const auto path = (config_.directory / "users.lock").string();
    users_ = UniqueFd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    // Nobody holds it exclusively but for the moment of a stop, which the directory's lock excludes.
    if (!users_ || flock(users_.get(), LOCK_SH | LOCK_NB) != 0) {
        return embedded_error(errno_error(Errc::unavailable, "cannot lock " + path).detail);
    }
    return {};
}

bool EmbeddedPostgres::succeeds(std::vector<std::string> arguments, std::chrono::milliseconds limit,
                                const fs::path& output) const {
    arguments[0] = (config_.binaries / arguments[0]).string();
    const auto status = run_program({std::move(arguments), user_, output, limit});
    if (!status) log_->warn("embedded_postgres_program_failed", {{"detail", status.error().detail}});
    return status && *status == 0;
}

bool EmbeddedPostgres::succeeds_silently(std::vector<std::string> arguments) const {
    return succeeds(std::move(arguments), question_limit, "/dev/null");
}

Result<> EmbeddedPostgres::find_binaries() {
    const auto major = cluster_version(data());
    config_.binaries = find_postgres_binaries(config_.binaries, major);
    if (config_.binaries.empty()) {
        return embedded_error(
            major.empty() ? "PostgreSQL's programs (initdb, pg_ctl, postgres, createdb, psql, pg_isready) were not "
                            "found: install PostgreSQL 15 (Debian: postgresql-15)"
                          : "the cluster was made by PostgreSQL " + major + ", which was not found: install it");
    }
    return {};
}

// Under another name, and renamed when it is complete: a first start that is interrupted leaves nothing half-made.
Result<> EmbeddedPostgres::make_cluster() {
    std::error_code ec;
    if (fs::exists(data(), ec)) return {};
    const auto unfinished = config_.directory / "data.new";
    fs::remove_all(unfinished, ec);
    log_->info("embedded_postgres_init", {{"directory", config_.directory.string()}});
    const auto log_start = file_size_of(log_file());
    const bool made = succeeds({"initdb", "-D", unfinished.string(), "-U", superuser, "-A", "trust", "-E", "UTF8",
                                "--locale=C.UTF-8", "--no-instructions"},
                               config_.start_timeout, log_file());
    if (!made) return embedded_error("initdb failed: " + failure_in_log(log_file(), log_start));
    fs::rename(unfinished, data(), ec);
    if (ec) return embedded_error("cannot rename " + unfinished.string() + ": " + ec.message());
    return {};
}

bool EmbeddedPostgres::is_server_running() const {
    // pg_ctl takes a process that has ended and is not reaped yet for a running server.
    return is_postgres_of(read_postmaster_pid(data()), data()) &&
           succeeds_silently({"pg_ctl", "status", "-D", data().string()});
}

// The caller holds the directory's lock.
Result<> EmbeddedPostgres::launch() {
    bool is_running = is_server_running();
    if (is_running) {
        const auto ready = wait_until_ready();
        if (!ready) return ready.error();
        is_running = *ready;
    }
    if (!is_running) {
        if (auto r = start_server(); !r) return r.error();
    }
    server_ = read_postmaster_pid(data());
    was_started_here_ = !is_running;
    log_->info(is_running ? "embedded_postgres_found" : "embedded_postgres_started", {{"pid", std::int64_t{server_}}});
    return {};
}

// For pg_ctl's shell.
std::string EmbeddedPostgres::server_options() const {
    std::vector<std::pair<std::string, std::string>> settings{{"listen_addresses", ""},
                                                              {"port", port},
                                                              {"unix_socket_directories", config_.directory.string()},
                                                              {"unix_socket_permissions", "0700"},
                                                              {"logging_collector", "off"},
                                                              {"cluster_name", our_cluster_name},
                                                              // Its queries are short, and services may not
                                                              // have memory that is writable and executable.
                                                              {"jit", "off"},
                                                              // New tables grow fast, and plans made of
                                                              // empty ones read them whole until then.
                                                              {"autovacuum_naptime", "5s"},
                                                              {"timezone", "UTC"},
                                                              {"log_timezone", "UTC"}};
    settings.insert(settings.end(), config_.settings.begin(), config_.settings.end());
    std::string options;
    for (const auto& [name, value] : settings) options += "-c " + shell_quote(name + "=" + value) + ' ';
    return options;
}

Result<> EmbeddedPostgres::start_server() {
    // Backends of a server that was killed may take a moment to end. Until then a new server refuses to start.
    const auto deadline = steady_clock::now() + config_.start_timeout;
    while (has_processes_of(data()) && steady_clock::now() < deadline) std::this_thread::sleep_for(20ms);
    remove_stale_lock_files(config_.directory);
    const auto log_start = file_size_of(log_file());
    const bool started = succeeds({"pg_ctl", "start", "-w", "-s", "-t", in_seconds(config_.start_timeout), "-D",
                                   data().string(), "-o", server_options()},
                                  config_.start_timeout + question_limit, log_file());
    if (started) return {};
    return embedded_error("the server did not start: " + failure_in_log(log_file(), log_start) + " (the log is " +
                          log_file().string() + ")");
}

// Another program started the server; it may still be in recovery, or be ending. False: it has ended.
Result<bool> EmbeddedPostgres::wait_until_ready() {
    const auto deadline = steady_clock::now() + config_.start_timeout;
    while (!succeeds_silently({"pg_isready", "-t", "5", "-h", config_.directory.string(), "-p", port})) {
        if (!is_postgres_of(read_postmaster_pid(data()), data())) return false;
        if (steady_clock::now() >= deadline) {
            return embedded_error("the server runs but accepts no connections; its log is " + log_file().string());
        }
        std::this_thread::sleep_for(100ms);
    }
    return true;
}

bool EmbeddedPostgres::give_to_owner() const {
    return succeeds({"psql", "-X", "-q", "-d", superuser_conninfo_for(config_.database), "-c", owner_script},
                    config_.start_timeout, log_file());
}

Result<> EmbeddedPostgres::make_database() {
    const bool exists =
        succeeds_silently({"psql", "-X", "-d", superuser_conninfo_for(config_.database), "-c", "SELECT 1"});
    const auto log_start = file_size_of(log_file());
    const bool created = exists || succeeds({"createdb", "-h", config_.directory.string(), "-p", port, "-U", superuser,
                                             config_.database},
                                            config_.start_timeout, log_file());
    if (!created) return embedded_error("cannot create the database: " + failure_in_log(log_file(), log_start));
    if (give_to_owner()) return {};
    return embedded_error("cannot make fanion_owner the owner of the database: " +
                          failure_in_log(log_file(), log_start));
}

Result<> EmbeddedPostgres::ensure_running() {
    if (server_ > 0 && is_postgres_of(server_, data())) return {};
    if (server_ > 0) {
        log_->warn("embedded_postgres_died", {{"pid", std::int64_t{server_}}});
        reap(std::exchange(server_, 0));
    }
    const auto lock = lock_directory(config_.directory);
    if (!lock) return lock.error();
    return launch();
}

void EmbeddedPostgres::stop() {
    if (!users_) return;
    const auto lock = lock_directory(config_.directory);
    if (!lock) log_->error("embedded_postgres_lock_failed", {{"detail", lock.error().detail}});
    const bool is_last = flock(users_.get(), LOCK_EX | LOCK_NB) == 0;
    users_ = UniqueFd();
    if (!is_last || !was_started_by_us(data()) || !is_server_running()) return;
    server_ = read_postmaster_pid(data());
    stop_server();
}

void EmbeddedPostgres::stop_server() {
    const auto pg_ctl_stop = [this](const char* mode, std::chrono::milliseconds limit) {
        return succeeds({"pg_ctl", "stop", "-w", "-s", "-m", mode, "-t", in_seconds(limit), "-D", data().string()},
                        limit + question_limit, log_file());
    };
    if (!pg_ctl_stop("fast", config_.stop_timeout)) {
        log_->warn("embedded_postgres_stop_slow", {{"pid", std::int64_t{server_}}});
        pg_ctl_stop("immediate", 5s);
    }
    // The server removes its PID file, on which pg_ctl waits, a moment before it ends.
    const auto deadline = steady_clock::now() + 5s;
    while (is_postgres_of(server_, data()) && steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
    reap(server_);
    log_->info("embedded_postgres_stopped", {{"pid", std::int64_t{server_}}});
}

}  // namespace fanion::embedded_postgres
