#include "control-plane/db/connection.hpp"
#include "tests/support/eventually.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <set>

#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using test::PostgresFixture;

namespace {

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) != -1; }

std::set<int> open_sockets() {
    std::set<int> found;
    for (int descriptor = 0; descriptor < 256; ++descriptor) {
        struct stat info {};
        if (::fstat(descriptor, &info) == 0 && S_ISSOCK(info.st_mode)) found.insert(descriptor);
    }
    return found;
}

struct ConnectionTest : PostgresFixture {
    std::unique_ptr<cp::db::Connection> open() {
        auto config = app_config();
        config.statement_timeout = std::chrono::seconds(20);
        return run(cp::db::Connection::open(context.get_executor(), config));
    }
    // The connection and the number of its socket.
    std::pair<std::unique_ptr<cp::db::Connection>, int> open_watched() {
        const auto before = open_sockets();
        auto connection = open();
        for (const int descriptor : open_sockets()) {
            if (!before.contains(descriptor)) return {std::move(connection), descriptor};
        }
        throw std::runtime_error("a connection without a socket");
    }
    void end_backends() {
        sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid "
            "<> pg_backend_pid()");
    }
    std::string answer_of(cp::db::Connection& connection) {
        const auto rows = run(connection.run_script("SELECT 'here'"));
        return rows[0].string(0);
    }
};

}  // namespace

TEST_CASE_METHOD(ConnectionTest, "a connection that lost its socket leaves the next one of that number alone") {
    auto [lost, number] = open_watched();
    end_backends();
    CHECK_THROWS_AS(answer_of(*lost), cp::db::PgError);
    REQUIRE_FALSE(is_open(number));
    const auto next = open();
    REQUIRE(is_open(number));
    lost.reset();
    CHECK(answer_of(*next) == "here");
}

TEST_CASE_METHOD(ConnectionTest, "an idle connection that is found dead leaves the next one of that number alone") {
    auto [lost, number] = open_watched();
    CHECK(answer_of(*lost) == "here");  // the reactor knows its socket
    end_backends();
    test::eventually("the ended connection is found dead", [&] { return !lost->is_alive(); });
    REQUIRE_FALSE(is_open(number));
    const auto next = open();
    REQUIRE(is_open(number));
    lost.reset();
    CHECK(answer_of(*next) == "here");
}

TEST_CASE_METHOD(ConnectionTest, "whoever waits on a connection that lost its socket is told that it is lost") {
    const auto lost = open();
    end_backends();
    CHECK_THROWS_AS(answer_of(*lost), cp::db::PgError);
    CHECK(lost->is_broken());
    CHECK_THROWS_AS(run(lost->next_notification(std::chrono::seconds(1))), cp::db::PgError);
}
