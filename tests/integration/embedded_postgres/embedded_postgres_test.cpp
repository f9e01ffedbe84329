#include "common/embedded_postgres/embedded_postgres.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "common/embedded_postgres/postgres_files.hpp"
#include "common/embedded_postgres/server_program.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using embedded_postgres::EmbeddedPostgres;
using embedded_postgres::has_processes_of;
using embedded_postgres::is_postgres_of;
namespace fs = std::filesystem;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

// A directory with a cluster in it, whose server is ended by its id whatever the test did.
struct Sandbox {
    ~Sandbox() {
        const auto pid = embedded_postgres::read_postmaster_pid(data());
        if (pid > 0 && is_postgres_of(pid, data())) {
            kill(pid, SIGQUIT);
            test::wait_for([&] { return !has_processes_of(data()); }, std::chrono::seconds(5));
        }
    }
    fs::path data() const { return root / "pg" / "data"; }
    Result<EmbeddedPostgres> start() const { return start_in(root / "pg"); }
    Result<EmbeddedPostgres> start_in(const fs::path& directory, Settings settings = {}) const {
        embedded_postgres::EmbeddedPostgresConfig config;
        config.directory = directory;
        config.settings = {{"fsync", "off"}, {"shared_buffers", "16MB"}};
        config.settings.insert(config.settings.end(), settings.begin(), settings.end());
        return EmbeddedPostgres::start(std::move(config), log);
    }
    Result<EmbeddedPostgres> start_with(Settings settings) const { return start_in(root / "pg", std::move(settings)); }
    uid_t owner() const {
        struct stat info {};
        REQUIRE(stat((root / "pg").c_str(), &info) == 0);
        return info.st_uid;
    }
    // As an administrator does it: by hand, with options that are not ours.
    int pg_ctl_start() const {
        const auto binaries = embedded_postgres::find_postgres_binaries({}, "");
        const auto options = "-c listen_addresses= -c unix_socket_directories=" + (root / "pg").string();
        const auto pid = test::start_child(
            {(binaries / "pg_ctl").string(), "start", "-w", "-D", data().string(), "-l", "/dev/null", "-o", options},
            "/dev/null", owner());
        return test::wait_for_exit(pid, std::chrono::seconds(60)).value_or(-1);
    }

    test::TemporaryDirectory folder{fs::perms(0711)};  // the server may run as another user
    fs::path root = folder.path();
    Log log{2, LogLevel::error};
};

boost::asio::awaitable<std::string> ask(boost::asio::any_io_executor executor, std::string conninfo, std::string sql) {
    cp::db::ConnectionConfig config;
    config.conninfo = std::move(conninfo);
    config.role = "";
    const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
    const auto rows = co_await connection->run_script(std::move(sql));
    co_return rows.empty() ? "" : rows[0].string(0);
}

std::string ask(const EmbeddedPostgres& postgres, const std::string& sql) {
    boost::asio::io_context context;
    return test::run_on(context, ask(context.get_executor(), postgres.conninfo(), sql));
}

std::string ask_as_superuser(const EmbeddedPostgres& postgres, const std::string& sql) {
    boost::asio::io_context context;
    return test::run_on(context, ask(context.get_executor(), postgres.superuser_conninfo_for("fanion"), sql));
}

}  // namespace

TEST_CASE("a cluster is made, stopped and started again with its data") {
    const Sandbox sandbox;
    {
        auto postgres = sandbox.start();
        REQUIRE(postgres.has_value());
        CHECK(postgres->was_started_here());
        CHECK(ask(*postgres, "SHOW listen_addresses") == "");
        ask_as_superuser(*postgres, "CREATE TABLE public.kept (x int); INSERT INTO public.kept VALUES (7)");
        struct stat info {};
        REQUIRE(stat((sandbox.root / "pg").c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0700);
        CHECK(info.st_uid != 0);
        const auto pid = postgres->server_pid();
        postgres->stop();
        CHECK_FALSE(is_postgres_of(pid, sandbox.data()));
    }
    auto again = sandbox.start();
    REQUIRE(again.has_value());
    CHECK(ask_as_superuser(*again, "SELECT x FROM public.kept") == "7");
    again->stop();
}

TEST_CASE("a server that still runs is taken over, and stopped by whoever leaves it last") {
    const Sandbox sandbox;
    auto first = sandbox.start();
    REQUIRE(first.has_value());
    auto second = sandbox.start();
    REQUIRE(second.has_value());
    CHECK_FALSE(second->was_started_here());
    CHECK(second->server_pid() == first->server_pid());
    second->stop();
    CHECK(ask(*first, "SELECT 1") == "1");
    auto third = sandbox.start();
    REQUIRE(third.has_value());
    first->stop();
    CHECK(ask(*third, "SELECT 1") == "1");
    third->stop();
    CHECK_FALSE(has_processes_of(sandbox.data()));
}

TEST_CASE("a server that an administrator started is used and left running") {
    const Sandbox sandbox;
    {
        auto first = sandbox.start();
        REQUIRE(first.has_value());
        first->stop();
    }
    REQUIRE(sandbox.pg_ctl_start() == 0);
    auto second = sandbox.start();
    REQUIRE(second.has_value());
    CHECK_FALSE(second->was_started_here());
    second->stop();
    CHECK(ask(*second, "SELECT 1") == "1");
}

TEST_CASE("a program that ends without stop() leaves the server to the next one, which stops it") {
    const Sandbox sandbox;
    pid_t left = 0;
    {
        auto first = sandbox.start();
        REQUIRE(first.has_value());
        left = first->server_pid();
    }
    auto second = sandbox.start();
    REQUIRE(second.has_value());
    CHECK(second->server_pid() == left);
    second->stop();
    CHECK_FALSE(has_processes_of(sandbox.data()));
}

TEST_CASE("a server that does not start is reported with its own reason and its log") {
    const Sandbox sandbox;
    const auto result = sandbox.start_with({{"shared_buffers", "many 'quoted' $HOME"}});
    REQUIRE(result.has_error());
    CHECK(result.error().code == Errc::unavailable);
    CHECK(result.error().detail.find(R"(invalid value for parameter "shared_buffers": "many 'quoted' $HOME")") !=
          std::string::npos);
    CHECK(result.error().detail.find((sandbox.root / "pg" / "postgres.log").string()) != std::string::npos);
    auto again = sandbox.start();
    REQUIRE(again.has_value());
    again->stop();
}

TEST_CASE("a server that was killed is started again over what it left") {
    const Sandbox sandbox;
    auto postgres = sandbox.start();
    REQUIRE(postgres.has_value());
    const auto killed = postgres->server_pid();
    kill(killed, SIGKILL);
    test::eventually("the server is gone", [&] { return !is_postgres_of(killed, sandbox.data()); });
    REQUIRE(postgres->ensure_running().has_value());
    CHECK(postgres->server_pid() != killed);
    CHECK(ask(*postgres, "SELECT 1") == "1");
    postgres->stop();
}

TEST_CASE("a server that was killed together with the program is started over the lock files that both left") {
    const Sandbox sandbox;
    pid_t killed = 0;
    {
        auto postgres = sandbox.start();
        REQUIRE(postgres.has_value());
        killed = postgres->server_pid();
        kill(killed, SIGKILL);
    }
    REQUIRE(fs::exists(sandbox.root / "pg" / ".s.PGSQL.5432.lock"));
    auto again = sandbox.start();  // at once: processes of the killed server may still be ending
    if (!again) FAIL(again.error().detail);
    REQUIRE(again.has_value());
    CHECK(again->was_started_here());
    CHECK(again->server_pid() != killed);
    CHECK(ask(*again, "SELECT 1") == "1");
    again->stop();
}

TEST_CASE("the programs log in as the owner of the database, who is not a superuser") {
    const Sandbox sandbox;
    auto postgres = sandbox.start();
    REQUIRE(postgres.has_value());
    CHECK(ask(*postgres,
              "SELECT current_user || ' ' || rolsuper || ' ' || rolbypassrls FROM pg_roles "
              "WHERE rolname = current_user") == "fanion_owner false false");
    CHECK(ask(*postgres, "SELECT datdba::regrole FROM pg_database WHERE datname = 'fanion'") == "fanion_owner");
    // As an older version left it.
    ask_as_superuser(*postgres, "CREATE SCHEMA fanion; CREATE TABLE fanion.kept (seq bigserial)");
    postgres->stop();
    auto again = sandbox.start();
    REQUIRE(again.has_value());
    CHECK(ask(*again,
              "ALTER TABLE fanion.kept ADD COLUMN x int; INSERT INTO fanion.kept (x) VALUES (7) RETURNING seq") == "1");
    CHECK(ask(*again, "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'fanion'") == "fanion_owner");
    again->stop();
}

TEST_CASE("lock files whose process id belongs to another process of the same user do not prevent the start") {
    const Sandbox sandbox;
    {
        auto postgres = sandbox.start();
        REQUIRE(postgres.has_value());
        postgres->stop();
    }
    const auto other = test::start_child({"/bin/sleep", "60"}, "/dev/null", sandbox.owner());
    for (const auto& file : {sandbox.data() / "postmaster.pid", sandbox.root / "pg" / ".s.PGSQL.5432.lock"}) {
        std::ofstream(file) << other << "\n" << sandbox.data().string() << "\n1\n5432\n\n\n\nready\n";
    }
    auto again = sandbox.start();
    kill(other, SIGKILL);
    test::wait_for_exit(other, std::chrono::seconds(5));
    REQUIRE(again.has_value());
    CHECK(again->was_started_here());
    again->stop();
}

TEST_CASE("PostgreSQL's programs have our environment, and keep memory that they have freed") {
    const test::TemporaryDirectory folder;
    REQUIRE(setenv("FANION_TEST_VARIABLE", "ours", 1) == 0);
    const auto environment_with = [&](const char* threshold) {
        const auto output = folder / ("variables." + std::string(threshold));
        REQUIRE(setenv("MALLOC_TRIM_THRESHOLD_", threshold, 1) == 0);
        if (*threshold == '\0') unsetenv("MALLOC_TRIM_THRESHOLD_");
        const auto ended = embedded_postgres::run_program(
            {{"/usr/bin/env"}, {geteuid(), getegid()}, output, std::chrono::seconds(30)});
        unsetenv("MALLOC_TRIM_THRESHOLD_");
        REQUIRE(ended.has_value());
        REQUIRE(ended.value() == 0);
        std::ifstream file(output);
        return '\n' + std::string(std::istreambuf_iterator<char>(file), {});
    };
    const auto usual = environment_with("");
    CHECK(usual.find("\nFANION_TEST_VARIABLE=ours\n") != std::string::npos);
    CHECK(usual.find("\nMALLOC_TRIM_THRESHOLD_=33554432\n") != std::string::npos);
    CHECK(usual.find("\nMALLOC_MMAP_THRESHOLD_=33554432\n") != std::string::npos);
    const auto given = environment_with("1048576");
    CHECK(given.find("\nMALLOC_TRIM_THRESHOLD_=1048576\n") != std::string::npos);
    CHECK(given.find("MALLOC_TRIM_THRESHOLD_=33554432") == std::string::npos);
}

TEST_CASE("an interrupted first start is begun anew") {
    const Sandbox sandbox;
    fs::create_directories(sandbox.root / "pg" / "data.new" / "base");
    auto postgres = sandbox.start();
    REQUIRE(postgres.has_value());
    postgres->stop();
}

TEST_CASE("a directory that cannot serve is refused with the reason") {
    const Sandbox sandbox;
    SECTION("its socket's path would be too long") {
        const auto result = sandbox.start_in(sandbox.root / std::string(100, 'x'));
        REQUIRE(result.has_error());
        CHECK(result.error().detail.find("shorter directory") != std::string::npos);
    }
    SECTION("it holds something else") {
        fs::create_directories(sandbox.root / "pg");
        std::ofstream(sandbox.root / "pg" / "letter.txt") << "dear";
        const auto result = sandbox.start();
        REQUIRE(result.has_error());
        CHECK(result.error().detail.find("neither empty") != std::string::npos);
        CHECK(fs::exists(sandbox.root / "pg" / "letter.txt"));
    }
    SECTION("a folder above it is closed to the server's user") {
        if (geteuid() != 0) return;
        fs::create_directories(sandbox.root / "closed");
        fs::permissions(sandbox.root / "closed", fs::perms(0700));
        const auto result = sandbox.start_in(sandbox.root / "closed" / "pg");
        REQUIRE(result.has_error());
        CHECK(result.error().detail.find("may not enter") != std::string::npos);
    }
}
