#pragma once

// Real PostgreSQL for tests. Each test program creates one cluster when it first needs it, without
// fsync and in a directory of its own: a copy of the cluster in FANION_TEST_CLUSTER, which CTest
// sets, or else a new one. A helper process stops the server when the test program ends, however it
// ends. Each fixture gets a migrated database of its own.
//
//     TEST_CASE_METHOD(PostgresFixture, "a flag that was stored is found") {
//         run(store_and_find(pool));                       // an awaitable; its exceptions are rethrown here
//     }

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "common/base/log.hpp"
#include "common/telemetry/metrics.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::test {

// Makes a cluster with a migrated database in an emptied `directory`, and stops it: for
// FANION_TEST_CLUSTER.
void make_test_cluster(const std::string& directory);

// Creates a database and returns its connection string, as the superuser. If `migrated`, it is a
// copy of a migrated database; otherwise it is empty.
std::string make_test_database(bool migrated = true);
// Connection string of the cluster's superuser, for tests that terminate backends or stop the
// server.
std::string maintenance_conninfo();

// Runs the event loop until `task` has ended, and rethrows its exception. Fails after `limit`.
template <class T>
T run_on(boost::asio::io_context& context, boost::asio::awaitable<T> task,
         std::chrono::seconds limit = std::chrono::seconds(30)) {
    using Stored = std::conditional_t<std::is_void_v<T>, bool, T>;
    std::exception_ptr failed;
    std::optional<Stored> result;
    bool ended = false;
    if constexpr (std::is_void_v<T>) {
        boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error) {
            failed = error;
            ended = true;
        });
    } else {
        boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T value) {
            failed = error;
            if (!error) result.emplace(std::move(value));
            ended = true;
        });
    }
    context.restart();
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!ended && context.run_one_until(deadline) > 0) {
    }
    if (!ended) throw std::runtime_error("a coroutine did not end in time");
    if (failed) std::rethrow_exception(failed);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class PostgresFixture {
public:
    explicit PostgresFixture(std::size_t connections = 4, bool migrated = true);
    ~PostgresFixture();
    PostgresFixture(const PostgresFixture&) = delete;

    template <class T>
    T run(boost::asio::awaitable<T> task) {
        return run_on(context, std::move(task));
    }
    cp::db::ConnectionConfig app_config() const;    // as fanion_app
    cp::db::ConnectionConfig owner_config() const;  // as the superuser, for whom row-level security does not exist

    // Runs SQL as the superuser, to set up and inspect the database. Returns the first column of
    // the first row, or "".
    std::string sql(std::string script);

    std::string conninfo;
    telemetry::Registry registry;
    cp::db::Metrics metrics;
    Log log;
    boost::asio::io_context context;
    cp::db::Pool pool;
};

}  // namespace fanion::test
