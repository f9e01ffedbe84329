#include "control-plane/identity/use_recorder.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::cp;

namespace {

db::PoolConfig nowhere() {
    db::PoolConfig config;
    config.connection.conninfo = "host=/no/such/directory";
    return config;
}

// A database that cannot be reached: every use fails as soon as it is written.
struct Recording {
    boost::asio::io_context context;
    Log log{2, LogLevel::error};
    telemetry::Registry registry;
    db::Metrics metrics{registry};
    db::Pool pool{context.get_executor(), nowhere(), metrics, log};
    net::TaskGroup tasks{context.get_executor(), log};
    identity::UseRecorder uses{pool, tasks, log};

    void note(int first, int last) {
        for (int i = first; i < last; ++i) uses.note({{}, {}, access::TokenId("t" + std::to_string(i)), 60'000});
    }
};

}  // namespace

TEST_CASE_METHOD(Recording, "at most 32 uses are written at a time, and none of one token twice") {
    note(0, 3);
    note(0, 3);
    CHECK(tasks.size() == 3);
    note(3, 100);
    CHECK(tasks.size() == identity::UseRecorder::most_writes);
}

TEST_CASE_METHOD(Recording, "a use whose writing has failed makes room for the next") {
    note(0, 100);
    context.run_for(std::chrono::seconds(60));
    CHECK(tasks.size() == 0);
    note(0, 2);
    CHECK(tasks.size() == 2);
}
