#include "control-plane/db/connection.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <set>
#include <string_view>
#include <thread>

#include "tests/support/eventually.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

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

using namespace std::string_view_literals;

// Takes one connection, and answers its start and each query with the fewest messages that PostgreSQL's protocol allows. Ends
// when the client closes the connection or sends nothing for ten seconds.
class FakeServer {
public:
    FakeServer() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strcpy(address.sun_path, socket_path().c_str());
        listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
        REQUIRE(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(listen(listener_, 1) == 0);
        thread_ = std::thread([this] { serve(); });
    }
    FakeServer(const FakeServer&) = delete;
    ~FakeServer() {
        thread_.join();
        if (client_ >= 0) close(client_);
        close(listener_);
    }
    std::string conninfo() const { return "host=" + directory_.path() + " user=nobody dbname=none sslmode=disable"; }
    int client() const { return client_; }  // our end of the connection
    void send(std::string_view bytes) const { REQUIRE(write(client_, bytes.data(), bytes.size()) > 0); }

private:
    std::string socket_path() const { return directory_ / ".s.PGSQL.5432"; }
    static bool is_readable(int descriptor) {
        pollfd waiting{descriptor, POLLIN, 0};
        return poll(&waiting, 1, 10'000) == 1;
    }
    void serve() {
        if (is_readable(listener_)) client_ = accept(listener_, nullptr, nullptr);
        std::string_view answer = "R\0\0\0\x8\0\0\0\0Z\0\0\0\x5I"sv;  // authenticated, ready
        char request[4096];
        while (is_readable(client_) && read(client_, request, sizeof request) > 0) {
            if (write(client_, answer.data(), answer.size()) < 0) break;
            answer = "C\0\0\0\x8SET\0Z\0\0\0\x5I"sv;  // done, ready
        }
    }

    test::TemporaryDirectory directory_;
    int listener_ = -1;
    std::atomic<int> client_ = -1;
    std::thread thread_;
};

struct ConnectionTest : PostgresFixture {
    std::unique_ptr<cp::db::Connection> open() {
        auto config = app_config();
        config.statement_timeout = std::chrono::seconds(20);
        return run(cp::db::Connection::open(context.get_executor(), config));
    }
    // The connection and the number of its socket.
    using Watched = std::pair<std::unique_ptr<cp::db::Connection>, int>;
    Watched open_watched() {
        const auto before = open_sockets();
        auto connection = open();
        return {std::move(connection), new_socket_since(before)};
    }
    Watched open_watched(const FakeServer& server) {
        auto before = open_sockets();
        cp::db::ConnectionConfig config;
        config.conninfo = server.conninfo();
        config.role = "";
        auto connection = run(cp::db::Connection::open(context.get_executor(), config));
        before.insert(server.client());
        return {std::move(connection), new_socket_since(before)};
    }
    static int new_socket_since(const std::set<int>& before) {
        for (const int descriptor : open_sockets()) {
            if (!before.contains(descriptor)) return descriptor;
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

TEST_CASE_METHOD(ConnectionTest, "a connection whose stream is damaged leaves the next one of that number alone") {
    const FakeServer server;
    auto [lost, number] = open_watched(server);
    server.send(
        "A\0\0\0\0"sv);  // a notification shorter than its own length: libpq closes the socket when it parses it
    CHECK_THROWS_AS(run(lost->next_notification(std::chrono::seconds(5))), cp::db::PgError);
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
