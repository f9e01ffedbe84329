#pragma once

// Where the database is: a server given by URL, or a private cluster that this program runs. The
// functions block. One thread.

#include <memory>
#include <string>

#include "common/embedded_postgres/embedded_postgres.hpp"
#include "control-plane/app/config.hpp"

namespace fanion::cp::app {

class Database {
public:
    // Starts the private cluster, if the configuration has one. Error: unavailable, it cannot run.
    static Result<Database> open(const Config& config, const Log& log);

    const std::string& conninfo() const noexcept { return conninfo_; }
    // The private cluster; null for a server given by URL.
    embedded_postgres::EmbeddedPostgres* embedded() noexcept { return embedded_.get(); }
    // Stops the private cluster, if there is one.
    void close() {
        if (embedded_) embedded_->stop();
    }

private:
    std::string conninfo_;
    std::unique_ptr<embedded_postgres::EmbeddedPostgres> embedded_;
};

}  // namespace fanion::cp::app
