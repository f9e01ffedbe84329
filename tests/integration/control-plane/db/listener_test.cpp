#include "control-plane/db/listener.hpp"

#include <catch2/catch.hpp>

#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using namespace std::chrono_literals;
using cp::db::ListenerEvent;
using test::PostgresFixture;

namespace {

const std::vector<std::string> channels{"changes"};

// The next thing heard, however many empty waits come before it.
boost::asio::awaitable<ListenerEvent> next_heard(cp::db::Listener& listener) {
    for (;;) {
        auto heard = co_await listener.next(200ms);
        if (heard) co_return std::move(*heard);
    }
}

}  // namespace

TEST_CASE_METHOD(PostgresFixture, "a listener says when it is connected and hears what is notified afterwards") {
    cp::db::Listener listener(context.get_executor(), app_config(), channels, log);
    CHECK(run(next_heard(listener)).kind == ListenerEvent::Kind::connected);
    sql("NOTIFY changes, 'e_1:7'");
    const auto heard = run(next_heard(listener));
    CHECK(heard.kind == ListenerEvent::Kind::notified);
    CHECK(heard.channel == "changes");
    CHECK(heard.payload == "e_1:7");
}

TEST_CASE_METHOD(PostgresFixture, "nothing heard within the wait is an empty answer, and the connection stays") {
    cp::db::Listener listener(context.get_executor(), app_config(), channels, log);
    run(next_heard(listener));
    CHECK_FALSE(run(listener.next(10ms)));
    CHECK(listener.is_connected());
    sql("NOTIFY changes, 'still'");
    CHECK(run(next_heard(listener)).payload == "still");
}

TEST_CASE_METHOD(PostgresFixture, "a listener whose backend was ended connects again and says so") {
    cp::db::Listener listener(context.get_executor(), app_config(), channels, log);
    run(next_heard(listener));
    CHECK(sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
              "AND datname = current_database() AND pid <> pg_backend_pid()") == "1");
    CHECK(run(next_heard(listener)).kind == ListenerEvent::Kind::connected);
    sql("NOTIFY changes, 'again'");
    CHECK(run(next_heard(listener)).payload == "again");
}

TEST_CASE_METHOD(PostgresFixture, "without a database a listener keeps the caller's pace") {
    auto config = app_config();
    config.conninfo = "host=/nonexistent dbname=x";
    cp::db::Listener listener(context.get_executor(), config, channels, log);
    for (int i = 0; i < 3; ++i) CHECK_FALSE(run(listener.next(20ms)));
    CHECK_FALSE(listener.is_connected());
}
