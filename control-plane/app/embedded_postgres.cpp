#include "control-plane/app/embedded_postgres.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>
#include <utility>

#include "control-plane/app/child_process.hpp"
#include "control-plane/app/postgres_files.hpp"

namespace fanion::app {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view socket_name = ".s.PGSQL.5432";
constexpr const char* superuser = "fanion";

Error unavailable(std::string detail) { return Error{Errc::unavailable, "embedded PostgreSQL: " + std::move(detail)}; }

// Two programs must not make or start the same cluster at once. Released with the process.
class DirectoryLock {
public:
    explicit DirectoryLock(const fs::path& directory)
        : fd_(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (fd_ >= 0) flock(fd_, LOCK_EX);
    }
    DirectoryLock(const DirectoryLock&) = delete;
    ~DirectoryLock() {
        if (fd_ >= 0) close(fd_);
    }

private:
    int fd_;
};

Result<> check_path(const fs::path& directory) {
    const auto socket = directory.string() + "/" + std::string(socket_name);
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (socket.size() > longest) {
        return unavailable("the path of its socket, " + socket + ", has " + std::to_string(socket.size()) +
                           " bytes; the system allows " + std::to_string(longest) + ": choose a shorter directory");
    }
    if (directory.string().find_first_of(",'\"\\") != std::string::npos) {
        return unavailable("the directory's name must not hold commas, quotes or backslashes: " + directory.string());
    }
    return {};
}

// The server's user must be able to walk down to the directory.
Result<> check_reachable(const fs::path& directory, uid_t uid, gid_t gid) {
    for (auto parent = directory.parent_path();; parent = parent.parent_path()) {
        struct stat info {};
        if (stat(parent.c_str(), &info) != 0)
            return unavailable("cannot look at " + parent.string() + ": " + std::strerror(errno));
        const unsigned need = info.st_uid == uid ? S_IXUSR : info.st_gid == gid ? S_IXGRP : S_IXOTH;
        if (uid != 0 && (info.st_mode & need) == 0) {
            return unavailable(parent.string() + " is closed to the server's user (id " + std::to_string(uid) +
                               "): choose a directory elsewhere, such as /var/lib/fanion/postgres");
        }
        if (parent == parent.root_path()) return {};
    }
}

}  // namespace

EmbeddedPostgres::EmbeddedPostgres(EmbeddedPostgres&& other) noexcept
    : config_(std::move(other.config_)),
      log_(other.log_),
      uid_(other.uid_),
      gid_(other.gid_),
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
    if (auto r = check_path(postgres.config_.directory); !r) return r.error();
    if (auto r = postgres.prepare_directory(); !r) return r.error();
    const DirectoryLock lock(postgres.config_.directory);
    postgres.users_ = open((postgres.config_.directory / "users.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (postgres.users_ < 0 || flock(postgres.users_, LOCK_SH) != 0) return unavailable("cannot lock users.lock");
    if (auto r = postgres.find_binaries(); !r) return r.error();
    if (auto r = postgres.make_cluster(); !r) return r.error();
    if (auto r = postgres.launch(); !r) return r.error();
    if (auto r = postgres.make_database(); !r) return r.error();
    return postgres;
}

// Makes the directory and finds out whom the server runs as: the owner of what is there already, else us, or, for root, the
// configured user.
Result<> EmbeddedPostgres::prepare_directory() {
    const auto& directory = config_.directory;
    std::error_code ec;
    const bool is_old = fs::exists(data(), ec);
    if (!is_old && fs::exists(directory, ec) && !is_ours_or_empty(directory)) {
        return unavailable(directory.string() + " is neither empty nor a cluster of ours");
    }
    if (!is_old) fs::create_directories(directory, ec);
    if (ec) return unavailable("cannot make " + directory.string() + ": " + ec.message());
    struct stat info {};
    if (stat(is_old ? data().c_str() : directory.c_str(), &info) != 0) {
        return unavailable("cannot look at " + directory.string() + ": " + std::strerror(errno));
    }
    uid_ = info.st_uid;
    gid_ = info.st_gid;
    if (geteuid() == 0 && uid_ == 0) {
        const auto* user = getpwnam(config_.system_user.c_str());
        if (is_old || user == nullptr || user->pw_uid == 0) {
            return unavailable("PostgreSQL does not run as root: name an existing system user that is not root; \"" +
                               config_.system_user + "\" will not do");
        }
        uid_ = user->pw_uid;
        gid_ = user->pw_gid;
    }
    if (geteuid() != 0 && uid_ != geteuid())
        return unavailable(directory.string() + " belongs to another user (id " + std::to_string(uid_) + ")");
    if (geteuid() == 0 && chown(directory.c_str(), uid_, gid_) != 0)
        return unavailable("cannot give " + directory.string() + " to the server's user: " + std::strerror(errno));
    if (chmod(directory.c_str(), 0700) != 0)
        return unavailable("cannot close " + directory.string() + ": " + std::strerror(errno));
    return check_reachable(directory, uid_, gid_);
}

Result<> EmbeddedPostgres::find_binaries() {
    const auto major = cluster_version(data());
    config_.binaries = find_postgres_binaries(config_.binaries, major);
    if (config_.binaries.empty()) {
        return unavailable(major.empty()
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
                             uid_,
                             gid_,
                             config_.directory / "postgres.log"};
    const auto pid = start_child(child);
    if (!pid) return pid.error();
    if (wait_for_exit(*pid, config_.start_timeout) != 0) {
        kill(*pid, SIGKILL);
        return unavailable("initdb failed: " + last_line(child.output));
    }
    fs::rename(making, data(), ec);
    if (ec) return unavailable("cannot move the new cluster into place: " + ec.message());
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
    const ChildProcess child{std::move(arguments), uid_, gid_, config_.directory / "postgres.log"};
    for (;;) {
        const auto pid = start_child(child);
        if (!pid) return pid.error();
        child_ = *pid;
        write_file(config_.directory / "started.pid", std::to_string(*pid) + "\n", uid_, gid_);
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
            return unavailable("the server ended at once: " + last_line(config_.directory / "postgres.log"));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return unavailable("the server does not answer; see " + (config_.directory / "postgres.log").string());
}

Result<> EmbeddedPostgres::make_database() {
    const auto script = "SELECT 'CREATE DATABASE \"" + config_.database +
                        "\"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '" + config_.database +
                        "') \\gexec\n";
    const auto file = config_.directory / "create_database.sql";
    if (!write_file(file, script, uid_, gid_)) return unavailable("cannot write " + file.string());
    const ChildProcess child{{(config_.binaries / "psql").string(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d",
                              conninfo_for("postgres"), "-f", file.string()},
                             uid_,
                             gid_,
                             config_.directory / "postgres.log"};
    const auto pid = start_child(child);
    if (!pid) return pid.error();
    const auto status = wait_for_exit(*pid, config_.start_timeout);
    std::error_code ec;
    fs::remove(file, ec);
    if (status != 0) return unavailable("cannot make the database: " + last_line(child.output));
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
        const auto deadline = steady_clock::now() + limit;
        while (find_running() == server_ && steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return find_running() != server_;
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

}  // namespace fanion::app
