// Exactly-once counting across SIGKILL: a child process counts, seals and ships until it is killed at a random moment;
// the next child continues in the same directory. The parent is the control plane, which applies each batch id once.

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "relay/accounting/event_recorder.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::accounting;
using namespace fanion::relay::events;

namespace {

constexpr std::size_t flags = 40;
const Log quiet(-1);
const SystemClock system_clock;

// Shared with every child: for each flag, how many counts were begun and how many completed; how many exposures and metrics
// were given to the spool, and how many were in it.
struct Tally {
    std::atomic<std::uint64_t> begun[flags];
    std::atomic<std::uint64_t> done[flags];
    std::atomic<std::uint64_t> given;
    std::atomic<std::uint64_t> kept;
};

Tally& shared_tally() {
    void* memory = ::mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    return *new (memory) Tally{};
}

RelayEventsConfig config_in(const std::string& directory) {
    RelayEventsConfig config;
    config.directory = directory;
    config.relay_id = "relay";
    config.relay_name = "relay";
    config.batch_bytes = 2'000;  // several batches per drain
    return config;
}

// Until the process is killed.
void count_until_killed(Counters& counters, Tally& tally, std::uint32_t seed) {
    std::minstd_rand random(seed);
    for (std::uint64_t i = 0;; ++i) {
        const std::size_t flag = random() % flags;
        const std::string name = "flag-" + std::to_string(flag);
        Counted counted;
        counted.state = 1 + i / 1000;  // a new ruleset now and then
        counted.env_id = "e_1";
        counted.flag = name;
        counted.flag_index = flag;
        counted.variation = "on";
        counted.variation_index = 0;
        counted.reason = "STATIC";
        tally.begun[flag].fetch_add(1);
        counters.count(counted);
        tally.done[flag].fetch_add(1);
    }
}

// As many exposures as metrics.
void take_events(EventRecorder& recorder, Tally& tally, std::uint64_t n) {
    relay::intake::Intake::Taken taken;
    for (std::uint64_t i = 0; i < n; ++i) {
        taken.exposures += i == 0 ? "" : ",";
        taken.exposures += R"({"env":"e_1","flag":"f","variation":"on","version":1,"unit":"u","at":1,"attrs":{}})";
        taken.metrics += i == 0 ? "" : ",";
        taken.metrics += R"({"env":"e_1","key":"k","unit":"u","at":1,"value":1})";
    }
    taken.exposure_count = taken.metric_count = n;
    tally.given += n;
    recorder.put(taken);
    tally.kept += n;
}

void send_message(int socket, const std::string& text) {
    const auto length = static_cast<std::uint32_t>(text.size());
    std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
    bytes += text;
    for (std::size_t sent = 0; sent < bytes.size();) {
        const auto n = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) return;
        sent += static_cast<std::size_t>(n);
    }
}

// Empty when the other side has closed the socket, or sent nothing for a minute.
std::string receive_message(int socket) {
    const auto read = [socket](char* into, std::size_t size) {
        return ::recv(socket, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
    };
    std::uint32_t length = 0;
    if (!read(reinterpret_cast<char*>(&length), sizeof length)) return "";
    std::string text(length, '\0');
    return read(text.data(), text.size()) ? text : "";
}

// Sends the queued batches; each is settled when it is acknowledged.
void ship(EventRecorder& recorder, int socket) {
    auto& spool = recorder.spool();
    for (;;) {
        std::optional<relay::spool::Spool::Head> head;
        {
            const std::lock_guard lock(spool.mutex);
            head = spool.spool.front();
        }
        if (!head) return;
        send_message(socket, head->body);
        if (receive_message(socket) != "ok") return;
        const std::lock_guard lock(spool.mutex);
        spool.spool.settle(relay::spool::Spool::Outcome::delivered);
        spool.on_settled();
    }
}

[[noreturn]] void run_child(const std::string& directory, Tally& tally, int socket, std::uint32_t seed) {
    EventRecorder recorder(config_in(directory), system_clock, quiet);
    Counters counters(recorder.table(), 0);
    std::thread counting([&] { count_until_killed(counters, tally, seed); });
    for (std::uint64_t round = 0;; ++round) {
        recorder.flush();
        take_events(recorder, tally, 1 + round % 7);
        if (round % 3 != 0) ship(recorder, socket);  // every third round leaves a backlog
    }
}

class ControlPlane {
public:
    void apply(const std::string& body) {
        const auto batch = wire::parse_event_batch(body);
        REQUIRE(batch.has_value());
        if (!ids_.insert(batch->batch).second) return;
        for (const auto& count : batch->counts) sums_[count.flag] += count.n;
        exposures += batch->exposures.size();
        metrics += batch->metrics.size();
    }
    std::uint64_t sum_of(std::size_t flag) { return sums_["flag-" + std::to_string(flag)]; }

    std::uint64_t exposures = 0;
    std::uint64_t metrics = 0;

private:
    std::set<std::string> ids_;
    std::map<std::string, std::uint64_t> sums_;
};

// Runs one child and kills it after a random number of acknowledged batches and a random delay of at most 3 ms.
void run_and_kill(const std::string& directory, Tally& tally, ControlPlane& control_plane, std::mt19937& random) {
    int sockets[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
    const timeval limit{60, 0};
    REQUIRE(::setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    const auto seed = static_cast<std::uint32_t>(random());
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // when an assertion ends the parent
        ::close(sockets[0]);
        run_child(directory, tally, sockets[1], seed);
    }
    ::close(sockets[1]);
    const auto life = random() % 30;
    for (std::uint32_t answered = 0; answered <= life; ++answered) {
        const auto body = receive_message(sockets[0]);
        if (body.empty()) FAIL("the child ended, or sent no batch within a minute");
        control_plane.apply(body);
        if (answered == life && random() % 2 == 0) break;  // applied, but never acknowledged
        send_message(sockets[0], "ok");
    }
    pollfd wait{sockets[0], 0, 0};
    const timespec moment{0, static_cast<long>(random() % 3'000'000)};
    ::ppoll(&wait, 0, &moment, nullptr);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(sockets[0]);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGKILL);
}

// Ships what is left, without a kill.
void finish(const std::string& directory, ControlPlane& control_plane) {
    EventRecorder recorder(config_in(directory), system_clock, quiet);
    auto& spool = recorder.spool().spool;
    while (auto head = spool.front()) {
        control_plane.apply(head->body);
        spool.settle(relay::spool::Spool::Outcome::delivered);
        recorder.spool().on_settled();
        recorder.flush();
    }
    const auto status = recorder.status();
    CHECK(status.queued == relay::spool::Content{});
    CHECK(status.damaged_files == 0);
}

// Each kill may interrupt one count after it was counted and before it was recorded as done.
std::uint64_t check_sums(const Tally& tally, ControlPlane& control_plane, std::uint64_t kills) {
    std::uint64_t begun = 0;
    std::uint64_t done = 0;
    std::uint64_t known = 0;
    for (std::size_t flag = 0; flag < flags; ++flag) {
        CHECK(control_plane.sum_of(flag) >= tally.done[flag]);
        CHECK(control_plane.sum_of(flag) <= tally.begun[flag]);
        begun += tally.begun[flag];
        done += tally.done[flag];
        known += control_plane.sum_of(flag);
    }
    CHECK(begun - done <= kills);
    CHECK(done > 0);
    return known;
}

}  // namespace

TEST_CASE("however often the relay is killed, every evaluation reaches the control plane once") {
    test::TemporaryDirectory folder;
    auto& tally = shared_tally();
    ControlPlane control_plane;
    std::mt19937 random(test::fresh_seed());
    constexpr std::uint64_t kills = 60;
    for (std::uint64_t i = 0; i < kills; ++i) run_and_kill(folder.path(), tally, control_plane, random);
    finish(folder.path(), control_plane);
    const auto known = check_sums(tally, control_plane, kills);
    // What was kept, which an SDK is told then, is delivered; a kill may come between the two.
    CHECK(control_plane.exposures >= tally.kept);
    CHECK(control_plane.exposures <= tally.given);
    CHECK(control_plane.metrics == control_plane.exposures);

    EventRecorder recorder(config_in(folder.path()), system_clock, quiet);
    const auto status = recorder.status();
    CHECK(status.accepted.counts == known);
    CHECK(status.delivered.counts == known);
    CHECK(status.accepted == status.delivered);
    CHECK(status.delivered.exposures == control_plane.exposures);
    CHECK(status.delivered.metrics == control_plane.metrics);
    CHECK(status.dropped.sum() == relay::spool::Content{});
    ::munmap(&tally, sizeof tally);
}

TEST_CASE("the same while the spool cannot be written to disk") {
    test::TemporaryDirectory folder;
    auto& tally = shared_tally();
    ControlPlane control_plane;
    std::mt19937 random(test::fresh_seed());
    std::ofstream(folder / "spool") << "a file where the directory should be";
    constexpr std::uint64_t kills = 30;
    for (std::uint64_t i = 0; i < kills; ++i) run_and_kill(folder.path(), tally, control_plane, random);
    finish(folder.path(), control_plane);
    check_sums(tally, control_plane, kills);
    ::munmap(&tally, sizeof tally);
}
