// Batches in files, with a disk that fails in between.

#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "common/base/file.hpp"
#include "control-plane/sinks/file_sink.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::cp::sinks;
using cp::access::EnvironmentId;
using cp::access::OrgId;

namespace {

constexpr UnixMillis day_begins = 1'763'683'200'000;  // 2025-11-21T00:00:00Z

struct Folder : test::TemporaryDirectory {
    Folder() {
        auto opened = FileSink::open(path() + "/new/sink");
        REQUIRE(opened);
        sink = std::move(*opened);
    }
    std::string file(const std::string& env, const std::string& day = "2025-11-21") const {
        return path() + "/new/sink/o_a/" + env + "/" + day + ".ndjson";
    }
    std::string content(const std::string& env, const std::string& day = "2025-11-21") const {
        const auto text = read_file(file(env, day));
        return text ? *text : "(none)";
    }
    void append(const std::string& env, const std::string& bytes) const {
        std::ofstream(file(env), std::ios::app) << bytes;
    }
    std::unique_ptr<EventSink> sink;
};

SinkBatch batch(std::string id, std::string env, std::string text, UnixMillis at = day_begins) {
    return {OrgId("o_a"), std::move(id), at, {{EnvironmentId(std::move(env)), std::move(text)}}, 1};
}

}  // namespace

TEST_CASE("batches are appended to the file of their environment and day") {
    const Folder folder;
    const std::vector first{batch("1", "e_1", "a\nb\n"), batch("2", "e_2", "c\n"), batch("3", "e_1", "d\n")};
    const std::vector second{batch("4", "e_1", "e\n", day_begins - 1), batch("5", "e_1", "f\n")};
    REQUIRE(folder.sink->write(first));
    REQUIRE(folder.sink->write(second));
    CHECK(folder.content("e_1") == "a\nb\nd\nf\n");
    CHECK(folder.content("e_2") == "c\n");
    CHECK(folder.content("e_1", "2025-11-20") == "e\n");
    struct stat status = {};
    REQUIRE(::stat(folder.file("e_1").c_str(), &status) == 0);
    CHECK((status.st_mode & 07) == 0);
}

TEST_CASE("what a crash left of a line is cut off before the next one, however long it is") {
    const Folder folder;
    const std::vector one{batch("1", "e_1", "whole\n")};
    for (const std::size_t length : {1u, 65'535u, 65'536u, 65'537u, 200'000u}) {
        REQUIRE(folder.sink->write(one));
        const auto before = folder.content("e_1");
        folder.append("e_1", std::string(length, 'x'));
        REQUIRE(folder.sink->write(one));
        CHECK(folder.content("e_1") == before + "whole\n");
    }
    const std::vector other{batch("1", "e_2", "whole\n")};
    std::filesystem::create_directories(std::filesystem::path(folder.file("e_2")).parent_path());
    folder.append("e_2", "no line at all");
    REQUIRE(folder.sink->write(other));
    CHECK(folder.content("e_2") == "whole\n");
}

TEST_CASE("what was written of batches that failed is taken back") {
    const Folder folder;
    const std::vector before{batch("0", "e_1", "before\n")};
    REQUIRE(folder.sink->write(before));
    std::filesystem::create_directories(folder.file("e_2"));  // a folder where the file should be
    const std::vector batches{batch("1", "e_1", "a\n"), batch("2", "e_2", "b\n"), batch("3", "e_3", "c\n")};
    for (int i = 0; i < 3; ++i) {
        const auto written = folder.sink->write(batches);
        REQUIRE(!written);
        CHECK(written.error().detail.find(folder.file("e_2")) != std::string::npos);
        CHECK(folder.content("e_1") == "before\n");
    }
    std::filesystem::remove(folder.file("e_2"));
    REQUIRE(folder.sink->write(batches));
    CHECK(folder.content("e_1") == "before\na\n");
    CHECK(folder.content("e_2") == "b\n");
    CHECK(folder.content("e_3") == "c\n");
}

TEST_CASE("a disk that is full in the middle of a line leaves whole lines") {
    const Folder folder;
    const std::vector one{batch("1", "e_1", "12345\n")};
    const std::vector two{batch("2", "e_1", "1234567\n")};
    REQUIRE(folder.sink->write(one));
    rlimit usual = {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &usual) == 0);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit ten_bytes{10, usual.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &ten_bytes);
    const auto written = folder.sink->write(two);
    ::setrlimit(RLIMIT_FSIZE, &usual);
    ::signal(SIGXFSZ, handler);
    CHECK(!written);
    CHECK(folder.content("e_1") == "12345\n");
    REQUIRE(folder.sink->write(two));
    CHECK(folder.content("e_1") == "12345\n1234567\n");
}

TEST_CASE("a folder that cannot be made is an error at the start") {
    const test::TemporaryDirectory folder;
    std::ofstream(folder.path() + "/file") << "x";
    CHECK(!FileSink::open(folder.path() + "/file/sink"));
}
