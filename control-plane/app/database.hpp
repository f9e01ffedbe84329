#pragma once

// Where the database is: someone else's by URL, or a private cluster that this program runs. Functions block.

#include <memory>
#include <string>

#include "control-plane/app/config.hpp"
#include "control-plane/embedded_postgres/embedded_postgres.hpp"

namespace fanion::cp::app {

class Database {
public:
    // Error: unavailable, when the private cluster cannot run.
    static Result<Database> open(const Config& config, const Log& log);

    const std::string& conninfo() const noexcept { return conninfo_; }
    // The private cluster, or null.
    embedded_postgres::EmbeddedPostgres* embedded() noexcept { return embedded_.get(); }
    // We need it no more.
    void close() {
        if (embedded_) embedded_->stop();
    }

private:
    std::string conninfo_;
    std::unique_ptr<embedded_postgres::EmbeddedPostgres> embedded_;
};

}  // namespace fanion::cp::app
