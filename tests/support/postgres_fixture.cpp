#include "tests/support/postgres_fixture.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "common/embedded_postgres/embedded_postgres.hpp"
#include "control-plane/db/migrator.hpp"

namespace fanion::test {

namespace fs = std::filesystem;

namespace {

// A process that outlives the test program for a moment: when its pipe closes, it stops the server and removes the
// directory.
class Undertaker {
public:
    explicit Undertaker(const std::string& directory) {
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error("no pipe");
        const pid_t child = fork();
        if (child == 0) {
            close(ends[1]);
            bury(ends[0], directory);
        }
        close(ends[0]);
        to_child_ = ends[1];
    }
    void watch(pid_t server) {
        if (write(to_child_, &server, sizeof server) != sizeof server)
            throw std::runtime_error("the helper process is gone");
    }

private:
    [[noreturn]] static void bury(int from_parent, const std::string& directory) {
        setsid();
        pid_t server = 0;
        pid_t next = 0;
        while (read(from_parent, &next, sizeof next) == sizeof next) server = next;
        if (server > 0) kill(server, SIGQUIT);
        std::error_code ec;
        for (int i = 0; i < 50 && server > 0 && kill(server, 0) == 0; ++i) usleep(10'000);
        fs::remove_all(directory, ec);
        _exit(0);
    }
    int to_child_ = -1;
};

embedded_postgres::EmbeddedPostgres start_server(const std::string& directory, const Log& log) {
    embedded_postgres::EmbeddedPostgresConfig config;
    config.directory = directory + "/pg";
    config.settings = {{"fsync", "off"},
                       {"synchronous_commit", "off"},
                       {"full_page_writes", "off"},
                       {"shared_buffers", "32MB"},
                       {"autovacuum", "off"}};
    auto started = embedded_postgres::EmbeddedPostgres::start(std::move(config), log);
    if (!started) throw std::runtime_error(describe(started.error()));
    return std::move(*started);
}

boost::asio::awaitable<void> migrate(boost::asio::io_context& context, std::string conninfo) {
    cp::db::ConnectionConfig config;
    config.conninfo = std::move(conninfo);
    config.role = "";
    const Log log(2, LogLevel::error);
    auto executor = context.get_executor();
    const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
    const auto migrated = co_await cp::db::migrate(*connection, log);
    if (!migrated) throw std::runtime_error(describe(migrated.error()));
}

// The files keep their owner, who is not we if we are root.
void copy_cluster(const std::string& from, const std::string& to) {
    const auto command = "cp -a '" + from + "/pg' '" + to + "/pg'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

class Cluster {
public:
    Cluster() : directory_(make_directory()), undertaker_(directory_) {
        const char* made = std::getenv("FANION_TEST_CLUSTER");
        if (made != nullptr) copy_cluster(made, directory_);
        postgres_ = std::make_unique<embedded_postgres::EmbeddedPostgres>(start_server(directory_, log_));
        undertaker_.watch(postgres_->server_pid());
        boost::asio::io_context context;
        if (made == nullptr) run_on(context, migrate(context, postgres_->conninfo()));
    }

    // Tests arrange rows behind row-level security's back, so they are the superuser. Only the migrations of the databases
    // are run by their owner, as those of an installation are.
    std::string conninfo_for(const std::string& database) const { return postgres_->superuser_conninfo_for(database); }

    std::string make_database(bool migrated) {
        const auto name = "test_" + std::to_string(++made_);
        // Copying the template's files takes half the time of writing them through the log.
        execute(conninfo_for("postgres"),
                "CREATE DATABASE " + name + (migrated ? " TEMPLATE fanion STRATEGY file_copy" : ""));
        return conninfo_for(name);
    }

private:
    static std::string make_directory() {
        auto name = (fs::temp_directory_path() / "fanion-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        fs::permissions(name, fs::perms(0711));
        return name;
    }

    static boost::asio::awaitable<void> run_script(boost::asio::io_context& context, std::string conninfo,
                                                   std::string sql) {
        cp::db::ConnectionConfig config;
        config.conninfo = std::move(conninfo);
        config.role = "";
        auto executor = context.get_executor();
        const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
        co_await connection->run_script(std::move(sql));
    }

    static void execute(const std::string& conninfo, const std::string& sql) {
        boost::asio::io_context context;
        run_on(context, run_script(context, conninfo, sql));
    }

    Log log_{2, LogLevel::warn};
    std::string directory_;
    Undertaker undertaker_;
    std::unique_ptr<embedded_postgres::EmbeddedPostgres> postgres_;
    std::atomic<int> made_ = 0;
};

Cluster& cluster() {
    static Cluster instance;  // one per program, because creating one takes a second
    return instance;
}

cp::db::ConnectionConfig config_for(const std::string& conninfo, const char* role) {
    cp::db::ConnectionConfig config;
    config.conninfo = conninfo;
    config.role = role;
    return config;
}

cp::db::PoolConfig pool_config(const std::string& conninfo, std::size_t size) {
    cp::db::PoolConfig config;
    config.connection = config_for(conninfo, cp::db::app_role);
    config.size = size;
    return config;
}

boost::asio::awaitable<std::string> first_value(boost::asio::any_io_executor executor, cp::db::ConnectionConfig config,
                                                std::string script) {
    const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
    const auto rows = co_await connection->run_script(std::move(script));
    co_return rows.empty() || rows[0].is_null(0) ? std::string() : rows[0].string(0);
}

}  // namespace

void make_test_cluster(const std::string& directory) {
    fs::remove_all(directory);
    fs::create_directories(directory);
    fs::permissions(directory, fs::perms(0711));
    const Log log(2, LogLevel::warn);
    auto postgres = start_server(directory, log);
    boost::asio::io_context context;
    try {
        run_on(context, migrate(context, postgres.conninfo()));
    } catch (...) {
        postgres.stop();
        throw;
    }
    postgres.stop();
}

std::string make_test_database(bool migrated) { return cluster().make_database(migrated); }

std::string maintenance_conninfo() { return cluster().conninfo_for("postgres"); }

PostgresFixture::PostgresFixture(std::size_t connections, bool migrated)
    : conninfo(make_test_database(migrated)),
      metrics(registry),
      log(2, LogLevel::error),
      pool(context.get_executor(), pool_config(conninfo, connections), metrics, log) {}

PostgresFixture::~PostgresFixture() {
    pool.close();
    context.restart();
    context.run_for(std::chrono::milliseconds(200));  // let pending rollbacks finish
}

cp::db::ConnectionConfig PostgresFixture::app_config() const { return config_for(conninfo, cp::db::app_role); }

cp::db::ConnectionConfig PostgresFixture::owner_config() const { return config_for(conninfo, ""); }

std::string PostgresFixture::sql(std::string script) {
    return run(first_value(context.get_executor(), owner_config(), std::move(script)));
}

}  // namespace fanion::test
