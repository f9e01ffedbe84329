#include "common/service/tls_reload.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "common/net/task_group.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;
using boost::asio::awaitable;
namespace fs = std::filesystem;

namespace {

struct Rig {
    Rig() { write(file, "first"); }
    ~Rig() { pool.join(); }

    static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
    awaitable<Result<>> apply() {
        ++applied;
        if (is_bad) co_return Error{Errc::invalid_input, file + ": not a certificate"};
        co_return boost::system::in_place_value;
    }
    void wait_for(const std::string& event) {
        test::run_until(context, [&] { return log.has("\"" + event + "\""); });
    }

    test::TemporaryDirectory directory;
    std::string file = directory / "cert.pem";
    std::vector<std::string> files{file};
    test::CapturedLog log;
    boost::asio::io_context context;
    net::BlockingPool pool{1};
    net::TaskGroup tasks{context.get_executor(), log.log()};
    int applied = 0;
    bool is_bad = false;
};

// Made when the file is there.
struct Watch : Rig {
    ~Watch() {
        tasks.request_stop();
        test::run_coroutine(context, tasks.join(std::chrono::hours(1)));
    }
    TlsReload reload{[this] { return files; }, pool, log.log()};
    void start() {
        tasks.spawn("tls_reload", reload.run([this] { return apply(); }, std::chrono::milliseconds(5)));
    }
};

TEST_CASE("a changed file is put in force once") {
    Watch watch;
    watch.start();
    Rig::write(watch.file, "second text");
    watch.wait_for("certificates_reread");
    test::run_coroutine(watch.context, net::sleep_for(std::chrono::milliseconds(50)));
    CHECK(watch.applied == 1);
}

TEST_CASE("what changed between the first look and the start is noticed, and what did not change is left alone") {
    Watch watch;
    Rig::write(watch.file, "second text");
    watch.start();
    watch.wait_for("certificates_reread");
    Watch unchanged;
    unchanged.start();
    test::run_coroutine(unchanged.context, net::sleep_for(std::chrono::milliseconds(50)));
    CHECK(unchanged.applied == 0);
}

TEST_CASE("a directory that a symbolic link leads to is replaced as a whole") {
    Watch watch;
    fs::create_directory(watch.directory / "1");
    fs::create_directory(watch.directory / "2");
    Rig::write(watch.directory / "1/cert.pem", "text");
    Rig::write(watch.directory / "2/cert.pem", "text");
    fs::create_directory_symlink(watch.directory / "1", watch.directory / "now");
    watch.files = {watch.directory / "now/cert.pem"};
    TlsReload reload([&] { return watch.files; }, watch.pool, watch.log.log());
    watch.tasks.spawn("tls_reload", reload.run([&] { return watch.apply(); }, std::chrono::milliseconds(5)));
    fs::create_directory_symlink(watch.directory / "2", watch.directory / "next");
    fs::rename(watch.directory / "next", watch.directory / "now");
    watch.wait_for("certificates_reread");
    watch.tasks.request_stop();
    test::run_coroutine(watch.context, watch.tasks.join(std::chrono::hours(1)));
}

TEST_CASE("files that cannot be used are logged and counted, and the next ones are tried") {
    Watch watch;
    watch.is_bad = true;
    watch.start();
    fs::remove(watch.file);
    watch.wait_for("certificates_refused");
    CHECK(watch.log.has(watch.file + ": not a certificate"));
    telemetry::Registry registry;
    watch.reload.register_metrics(registry);
    CHECK(registry.text().find("\nfanion_tls_reload_failures_total 1\n") != std::string::npos);
    watch.is_bad = false;
    Rig::write(watch.file, "third");
    watch.wait_for("certificates_reread");
    CHECK(watch.applied == 2);
}

TEST_CASE("a file that was there before it could be read is tried again") {
    Watch watch;
    watch.is_bad = true;
    watch.start();
    Rig::write(watch.file, "second text");
    watch.wait_for("certificates_refused");
    watch.is_bad = false;
    fs::permissions(watch.file, fs::perms::owner_read);
    watch.wait_for("certificates_reread");
    CHECK(watch.applied == 2);
}

}  // namespace
