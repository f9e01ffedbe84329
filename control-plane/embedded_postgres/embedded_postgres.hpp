#pragma once

// A private PostgreSQL cluster in one directory: no TCP, a Unix socket in that directory, an unprivileged system user (the
// directory's owner; for root a user named in the configuration). For a single machine, the quickstart and the tests.
//
//   DIR/data           the cluster, made at the first start
//   DIR/.s.PGSQL.5432  the socket
//   DIR/postgres.log   what the server says
//   DIR/users.lock     held by every program of ours that uses the cluster
//   DIR/started.pid    the server that one of them started
//
// The directory is 0700, so only its owner and root can reach the socket; inside it everybody is trusted. The server outlives a
// control plane that was killed; the next one finds it and continues with it. The last of our programs to leave stops it, if one
// of ours started it. Functions block (initdb takes seconds): call them at start, or on a blocking pool. One thread at a time.

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "control-plane/embedded_postgres/embedded_directory.hpp"

namespace fanion::cp::embedded_postgres {

struct EmbeddedPostgresConfig {
    std::filesystem::path directory;
    std::string system_user = "postgres";  // whom the server runs as when we are root and the directory is new
    std::filesystem::path binaries;        // where initdb and postgres are; empty: the distribution's places, then PATH
    std::string database = "fanion";
    std::vector<std::pair<std::string, std::string>> settings = {};  // postgresql.conf names, beyond our own
    std::chrono::milliseconds start_timeout{60'000};                 // recovery after a crash counts
    std::chrono::milliseconds stop_timeout{30'000};
};

class EmbeddedPostgres {
public:
    // Returns when the server answers. Error: unavailable, with what a person can do about it.
    static Result<EmbeddedPostgres> start(EmbeddedPostgresConfig config, const Log& log);
    EmbeddedPostgres(EmbeddedPostgres&&) noexcept;
    EmbeddedPostgres& operator=(EmbeddedPostgres&&) = delete;
    ~EmbeddedPostgres();  // leaves the server running

    std::string conninfo() const { return conninfo_for(config_.database); }
    std::string conninfo_for(const std::string& database) const;
    bool was_started_here() const noexcept { return child_.has_value(); }
    pid_t server_pid() const noexcept { return server_; }

    // Starts the server again when it has ended. Cheap while it runs.
    Result<> ensure_running();
    // We need it no more: ends the server if nobody else of ours does and one of us started it. Sessions are cut off, data is
    // written.
    void stop();

private:
    EmbeddedPostgres(EmbeddedPostgresConfig config, const Log& log) : config_(std::move(config)), log_(&log) {}

    std::filesystem::path data() const { return config_.directory / "data"; }
    Result<> find_binaries();
    Result<> make_cluster();
    Result<> launch();
    Result<> await_ready(pid_t found_running);
    Result<> make_database();
    pid_t find_running() const;
    void end_server();

    EmbeddedPostgresConfig config_;
    const Log* log_;
    ServerUser user_;
    pid_t server_ = 0;
    int users_ = -1;              // our share of users.lock
    std::optional<pid_t> child_;  // the server, when it is our child
};

}  // namespace fanion::cp::embedded_postgres
