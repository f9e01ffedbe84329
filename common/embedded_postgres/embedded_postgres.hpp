#pragma once

// A private PostgreSQL cluster in one directory, driven by pg_ctl (docs/adr/0016). No TCP: a Unix
// socket in that directory. The server runs as the directory's owner, or as a configured user if we
// are root. For a single machine, the quickstart and tests.
//
// clang-format off
//   DIR/data           the cluster, made by the first start
//   DIR/.s.PGSQL.5432  the socket
//   DIR/postgres.log   the log of the server and of pg_ctl
//   DIR/users.lock     locked (shared) by every program of ours that uses the cluster
// clang-format on
//
// The directory has mode 0700, so only its owner and root reach the socket; inside it everybody is
// trusted. The server outlives a control plane that is killed; the next one finds it and uses it.
// The last of our programs to leave stops the server, unless an administrator started it by hand.
// Functions block (initdb takes seconds): call them at start, or on a blocking pool. One thread at
// a time.

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/embedded_postgres/embedded_directory.hpp"

namespace fanion::embedded_postgres {

struct EmbeddedPostgresConfig {
    std::filesystem::path directory;
    std::string system_user = "postgres";  // the server's user if we are root and the directory is new
    std::filesystem::path binaries;        // the folder with initdb and pg_ctl; empty: the distribution's, then PATH
    std::string database = "fanion";
    std::vector<std::pair<std::string, std::string>> settings = {};  // settings of postgresql.conf, besides our own
    std::chrono::milliseconds start_timeout{60'000};                 // includes recovery after a crash
    std::chrono::milliseconds stop_timeout{30'000};
};

class EmbeddedPostgres {
public:
    // Returns when the server accepts connections. Error: unavailable, with the server's reason and
    // where its log is.
    static Result<EmbeddedPostgres> start(EmbeddedPostgresConfig config, const Log& log);
    EmbeddedPostgres(EmbeddedPostgres&&) = default;  // the destructor leaves the server running

    // As fanion_owner, who owns the database and is not a superuser.
    std::string conninfo() const { return conninfo_for(config_.database); }
    std::string conninfo_for(const std::string& database) const;
    std::string superuser_conninfo_for(const std::string& database) const;
    bool was_started_here() const noexcept { return was_started_here_; }
    pid_t server_pid() const noexcept { return server_; }

    // Starts the server again if it has died. Cheap while it runs.
    Result<> ensure_running();
    // Ends our use. The last program of ours to call it stops the server, if one of ours started
    // it: sessions are disconnected, data is written.
    void stop();

private:
    EmbeddedPostgres(EmbeddedPostgresConfig config, const Log& log) : config_(std::move(config)), log_(&log) {}

    std::filesystem::path data() const { return config_.directory / "data"; }
    std::filesystem::path log_file() const { return config_.directory / "postgres.log"; }
    Result<> join_users();
    Result<> find_binaries();
    Result<> make_cluster();
    Result<> launch();
    Result<> start_server();
    Result<bool> wait_until_ready();
    Result<> make_database();
    bool give_to_owner() const;
    std::string conninfo_of(const char* user, const std::string& database) const;
    void stop_server();
    std::string server_options() const;
    // Whether a program of `binaries` ends with status 0.
    bool succeeds(std::vector<std::string> arguments, std::chrono::milliseconds limit,
                  const std::filesystem::path& output) const;
    bool succeeds_silently(std::vector<std::string> arguments) const;
    bool is_server_running() const;

    EmbeddedPostgresConfig config_;
    const Log* log_;
    ServerUser user_;
    pid_t server_ = 0;
    UniqueFd users_;  // our share of users.lock; none after stop()
    bool was_started_here_ = false;
};

}  // namespace fanion::embedded_postgres
