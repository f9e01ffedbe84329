#include "control-plane/embedded_postgres/embedded_postgres.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "control-plane/embedded_postgres/child_process.hpp"
#include "control-plane/embedded_postgres/postgres_files.hpp"

namespace fanion::cp::embedded_postgres {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

constexpr const char* superuser = "fanion";

}  // namespace

EmbeddedPostgres::EmbeddedPostgres(EmbeddedPostgres&& other) noexcept
    : config_(std::move(other.config_)),
      log_(other.log_),
      user_(other.user_),
      server_(other.server_),
      users_(std::exchange(other.users_, -1)),
      child_(std::exchange(other.child_, std::nullopt)) {}

EmbeddedPostgres::~EmbeddedPostgres() {
    if (users_ >= 0) close(users_);
}

std::string EmbeddedPostgres::conninfo_for(const std::string& database) const {
    return "host='" + config_.directory.string() + "' port=5432 user=" + superuser + " dbname=" + database;
}

Result<EmbeddedPostgres> EmbeddedPostgres::start(EmbeddedPostgresConfig config, const Log& log) {
    config.directory = fs::absolute(config.directory).lexically_normal();
    if (!config.directory.has_filename()) config.directory = config.directory.parent_path();
    EmbeddedPostgres postgres(std::move(config), log);
    if (auto r = check_socket_path(postgres.config_.directory); !r) return r.error();
    const auto user = prepare_directory(postgres.config_.directory, postgres.config_.system_user);
    if (!user) return user.error();
    postgres.user_ = *user;
    const DirectoryLock lock(postgres.config_.directory);
    postgres.users_ = open((postgres.config_.directory / "users.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (postgres.users_ < 0 || flock(postgres.users_, LOCK_SH) != 0) return embedded_error("cannot lock users.lock");
    if (auto r = postgres.find_binaries(); !r) return r.error();
    if (auto r = postgres.make_cluster(); !r) return r.error();
    if (auto r = postgres.launch(); !r) return r.error();
    if (auto r = postgres.make_database(); !r) return r.error();
    return postgres;
}

Result<> EmbeddedPostgres::find_binaries() {
    const auto major = cluster_version(data());
    config_.binaries = find_postgres_binaries(config_.binaries, major);
    if (config_.binaries.empty()) {
        return embedded_error(major.empty()
                                  ? "initdb and postgres were not found: install PostgreSQL 15 (Debian: postgresql-15)"
                                  : "the cluster was made by PostgreSQL " + major + ", which was not found");
    }
    return {};
}

// In a directory beside its place, moved when it is whole: an interrupted first start leaves nothing half-made.
Result<> EmbeddedPostgres::make_cluster() {
    std::error_code ec;
    if (fs::exists(data(), ec)) return {};
    const auto making = config_.directory / "data.new";
    fs::remove_all(making, ec);
    log_->info("embedded_postgres_init", {{"directory", config_.directory.string()}});
    const auto initdb = (config_.binaries / "initdb").string();
    const ChildProcess child{{initdb, "-D", making.string(), "-U", superuser, "-A", "trust", "-E", "UTF8",
                              "--locale=C.UTF-8", "--no-instructions"},
                             user_.uid,
                             user_.gid,
                             config_.directory / "postgres.log"};
    const auto pid = start_child(child);
    if (!pid) return pid.error();
    if (wait_for_exit(*pid, config_.start_timeout) != 0) {
        kill(*pid, SIGKILL);
        return embedded_error("initdb failed: " + last_line(child.output));
    }
    fs::rename(making, data(), ec);
    if (ec) return embedded_error("cannot move the new cluster into place: " + ec.message());
    return {};
}

pid_t EmbeddedPostgres::find_running() const {
    const auto pid = read_postmaster_pid(data());
    return pid > 0 && is_postgres_of(pid, data()) ? pid : 0;
}

Result<> EmbeddedPostgres::launch() {
    if (const auto running = find_running(); running > 0) {
        log_->info("embedded_postgres_found", {{"pid", std::int64_t{running}}});
        return await_ready(running);
    }
    remove_stale_pid_file(data());
    std::vector<std::string> arguments{(config_.binaries / "postgres").string(), "-D", data().string()};
    std::vector<std::pair<std::string, std::string>> settings{{"listen_addresses", ""},
                                                              {"port", "5432"},
                                                              {"unix_socket_directories", config_.directory.string()},
                                                              {"unix_socket_permissions", "0700"},
                                                              {"logging_collector", "off"},
                                                              {"cluster_name", "fanion"},
                                                              {"timezone", "UTC"},
                                                              {"log_timezone", "UTC"}};
    settings.insert(settings.end(), config_.settings.begin(), config_.settings.end());
    for (const auto& [name, value] : settings) {
        arguments.emplace_back("-c");
        arguments.push_back(name + "=" + value);
    }
    const auto deadline = steady_clock::now() + config_.start_timeout;
    const ChildProcess child{std::move(arguments), user_.uid, user_.gid, config_.directory / "postgres.log"};
    for (;;) {
        const auto pid = start_child(child);
        if (!pid) return pid.error();
        child_ = *pid;
        write_file(config_.directory / "started.pid", std::to_string(*pid) + "\n", user_.uid, user_.gid);
        auto ready = await_ready(0);
        // Processes of a server that was killed may need a moment to end; until then a new one refuses to start.
        const bool again = !ready && !child_ && steady_clock::now() < deadline && has_processes_of(data());
        if (!again) return ready;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

// A server says in its pid file that it answers.
Result<> EmbeddedPostgres::await_ready(pid_t found_running) {
    server_ = found_running > 0 ? found_running : *child_;
    const auto deadline = steady_clock::now() + config_.start_timeout;
    while (steady_clock::now() < deadline) {
        if (read_postmaster_pid(data()) == server_ && says_ready(data())) {
            if (child_) log_->info("embedded_postgres_started", {{"pid", std::int64_t{server_}}});
            return {};
        }
        const bool ended = child_ ? wait_for_exit(*child_, {}).has_value() : kill(server_, 0) != 0 && errno == ESRCH;
        if (ended) {
            child_.reset();
            return embedded_error("the server ended at once: " + last_line(config_.directory / "postgres.log"));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return embedded_error("the server does not answer; see " + (config_.directory / "postgres.log").string());
}

Result<> EmbeddedPostgres::make_database() {
    const auto script = "SELECT 'CREATE DATABASE \"" + config_.database +
                        "\"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '" + config_.database +
                        "') \\gexec\n";
    const auto file = config_.directory / "create_database.sql";
    if (!write_file(file, script, user_.uid, user_.gid)) return embedded_error("cannot write " + file.string());
    const ChildProcess child{{(config_.binaries / "psql").string(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d",
                              conninfo_for("postgres"), "-f", file.string()},
                             user_.uid,
                             user_.gid,
                             config_.directory / "postgres.log"};
    const auto pid = start_child(child);
    if (!pid) return pid.error();
    const auto status = wait_for_exit(*pid, config_.start_timeout);
    std::error_code ec;
    fs::remove(file, ec);
    if (status != 0) return embedded_error("cannot make the database: " + last_line(child.output));
    return {};
}

Result<> EmbeddedPostgres::ensure_running() {
    if (child_ && wait_for_exit(*child_, {})) {
        log_->warn("embedded_postgres_ended", {{"pid", std::int64_t{*child_}}});
        child_.reset();
        server_ = 0;
    }
    if (child_) return {};
    if (const auto running = find_running(); running > 0) {
        server_ = running;
        return {};
    }
    const DirectoryLock lock(config_.directory);
    return launch();
}

void EmbeddedPostgres::stop() {
    if (users_ < 0) return;
    const DirectoryLock lock(config_.directory);
    const bool is_last = flock(users_, LOCK_EX | LOCK_NB) == 0;
    close(std::exchange(users_, -1));
    if (is_last && find_running() == server_ && read_number(config_.directory / "started.pid") == server_) end_server();
}

void EmbeddedPostgres::end_server() {
    const auto ends_within = [this](std::chrono::milliseconds limit) {
        if (child_) return wait_for_exit(*child_, limit).has_value();
        // Not ours to wait for. It takes its pid file away a moment before it is gone.
        const auto deadline = steady_clock::now() + limit;
        while (is_postgres_of(server_, data()) && steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return !is_postgres_of(server_, data());
    };
    kill(server_, SIGINT);  // "fast": sessions are ended, everything is written
    if (!ends_within(config_.stop_timeout)) {
        log_->warn("embedded_postgres_stop_slow", {{"pid", std::int64_t{server_}}});
        kill(server_, SIGQUIT);
        ends_within(std::chrono::seconds(5));
    }
    child_.reset();
    log_->info("embedded_postgres_stopped", {{"pid", std::int64_t{server_}}});
}

}  // namespace fanion::cp::embedded_postgres
