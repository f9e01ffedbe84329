#include "common/service/lifecycle.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <stdexcept>

#include "tests/support/run_coroutine.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;
using boost::asio::awaitable;
using test::CapturedLog;
using test::run_coroutine;

namespace {

// The exit status of a process that runs `work`, which must not return.
template <class Work>
int exit_status_of(Work work) {
    const pid_t pid = fork();
    if (pid == 0) {
        work();
        _exit(99);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

awaitable<void> say(bool& said) {
    said = true;
    co_return;
}

awaitable<void> fail() {
    throw std::runtime_error("the sky fell");
    co_return;
}

}  // namespace

TEST_CASE("a stop signal that comes during the start is not lost") {
    boost::asio::io_context context;
    StopRequest stop(context.get_executor());
    const int signal = GENERATE(SIGTERM, SIGINT);
    std::raise(signal);
    CHECK(run_coroutine(context, stop.wait()) == signal);
}

TEST_CASE("a service may ask for its own end, before it waits and while it waits") {
    boost::asio::io_context context;
    StopRequest stop(context.get_executor());
    if (GENERATE(true, false)) {
        stop.request();
    } else {
        boost::asio::post(context, [&stop] { stop.request(); });
    }
    CHECK(run_coroutine(context, stop.wait()) == 0);
}

TEST_CASE("a second stop signal kills the process") {
    const int status = exit_status_of([] {
        boost::asio::io_context context;
        StopRequest stop(context.get_executor());
        std::raise(SIGTERM);
        if (run_coroutine(context, stop.wait()) == SIGTERM) std::raise(SIGTERM);
    });
    CHECK(status == 128 + SIGTERM);
}

TEST_CASE("the threads end with the life") {
    const CapturedLog log;
    net::Workers workers(2);
    bool said = false;
    run_life(workers, say(said), log.log());
    CHECK(said);
}

TEST_CASE("a life that throws is logged and ends the process with 1") {
    const CapturedLog log;
    const int status = exit_status_of([&log] {
        net::Workers workers(1);
        run_life(workers, fail(), log.log());
    });
    CHECK(status == 1);
    CHECK(log.has(R"("event":"life_failed","error":"the sky fell")"));
}

TEST_CASE("a clean stop is 0; one that is not exits with 1 at once") {
    const CapturedLog log;
    CHECK(finish(true, log.log()) == 0);
    CHECK(log.has(R"("event":"stopped","clean":true)"));
    CHECK(exit_status_of([&log] { finish(false, log.log()); }) == 1);
    CHECK(log.has(R"("event":"stopped","clean":false)"));
    CHECK(log.has("exit_without_cleanup"));
}
