#include "common/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;

TEST_CASE("an error names the place and the system's reason") {
    const auto error = errno_error(Errc::unavailable, "cannot open x", ENOENT);
    CHECK(error.code == Errc::unavailable);
    CHECK(error.detail == "cannot open x: No such file or directory");
}

TEST_CASE("a descriptor is closed once, by its last owner, and errno stays") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const UniqueFd reading(ends[0]);
    {
        UniqueFd first(ends[1]);
        UniqueFd second(std::move(first));
        CHECK_FALSE(first);
        first = std::move(second);
        CHECK(first.get() == ends[1]);
        errno = EBADMSG;
    }
    CHECK(errno == EBADMSG);
    char byte;
    CHECK(::read(reading.get(), &byte, 1) == 0);  // no writer is left
}

TEST_CASE("a file is read whole, and not past its limit") {
    const test::TemporaryDirectory directory;
    const auto path = directory / "file";
    CHECK(read_file(path).error().code == Errc::not_found);
    CHECK(read_file(path).error().detail == "cannot read " + path + ": No such file or directory");
    CHECK(read_file(directory.path()).error().code == Errc::internal);
    for (const std::size_t size : {0u, 1u, 4095u, 4096u, 100'000u}) {
        const std::string bytes(size, 'x');
        REQUIRE(replace_file(path, bytes, Durability::process));
        CHECK(*read_file(path) == bytes);
        CHECK(*read_file(path, size) == bytes);
        if (size > 0) CHECK(read_file(path, size - 1).error().code == Errc::too_large);
    }
}

TEST_CASE("what has no size beforehand is read to its end") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const UniqueFd reading(ends[0]);
    const std::string bytes(20'000, 'p');
    {
        const UniqueFd writing(ends[1]);
        REQUIRE(write_all(writing.get(), bytes));
    }
    std::string out = "old";
    REQUIRE(read_to_end(reading.get(), out, any_size));
    CHECK(out == bytes);
}

TEST_CASE("bytes are written and read at an offset") {
    const test::TemporaryDirectory directory;
    const UniqueFd file(::open((directory / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    REQUIRE(file);
    REQUIRE(write_all(file.get(), "0123456789"));
    REQUIRE(write_all_at(file.get(), 4, "abc"));
    std::string out;
    REQUIRE(read_at(file.get(), 3, 5, out));
    CHECK(out == "3abc7");
    REQUIRE(read_at(file.get(), 8, 5, out));
    CHECK(out == "89");
    errno = 0;
    CHECK_FALSE(write_all(-1, "x"));
    CHECK(errno == EBADF);
    CHECK_FALSE(read_at(-1, 0, 1, out));
}

TEST_CASE("a file is replaced whole, with its mode, and nothing is left beside it") {
    const test::TemporaryDirectory directory;
    const auto path = directory / "file";
    REQUIRE(replace_file(path, "one", Durability::power_cut));
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    REQUIRE(replace_file(path, "two", Durability::process));
    CHECK(*read_file(path) == "two");
    CHECK_FALSE(std::filesystem::exists(path + ".tmp"));

    std::filesystem::create_directory(path + ".tmp");  // stands for a disk that refuses, also for root
    const auto failed = replace_file(path, "three", Durability::process);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().detail == "cannot create " + path + ".tmp: Is a directory");
    CHECK(*read_file(path) == "two");
}

TEST_CASE("a directory that is not there cannot be synced") {
    const test::TemporaryDirectory directory;
    CHECK(sync_directory(directory.path()));
    CHECK(sync_directory(""));
    CHECK(sync_directory(directory / "lost").error().code == Errc::internal);
}

TEST_CASE("a lock excludes others while it is held") {
    const test::TemporaryDirectory directory;
    const auto path = directory / "lock";
    {
        auto first = FileLock::try_acquire(path);
        REQUIRE(first);
        CHECK(first->is_held());
        const FileLock moved = std::move(*first);
        CHECK(FileLock::try_acquire(path).error().code == Errc::conflict);
    }
    CHECK(FileLock::try_acquire(path));
    CHECK(FileLock::acquire(directory.path()));  // a directory has one too
    CHECK(FileLock::acquire(directory / "lost").error().code == Errc::internal);
    CHECK(FileLock::try_acquire(directory / "lost/lock").error().code == Errc::internal);
    CHECK_FALSE(FileLock().is_held());
}

TEST_CASE("a directory is made and locked for one process") {
    const test::TemporaryDirectory directory;
    const auto path = directory / "a/b";
    const auto lock = FileLock::try_acquire_directory(path);
    REQUIRE(lock);
    CHECK(lock->is_held());
    const auto second = FileLock::try_acquire_directory(path);
    CHECK(second.error().code == Errc::conflict);
    CHECK(second.error().detail == path + " is in use by another process");
    REQUIRE(replace_file(directory / "file", "", Durability::process));
    auto impossible = FileLock::try_acquire_directory(directory / "file");
    REQUIRE(impossible);
    CHECK_FALSE(impossible->is_held());
    CHECK(*impossible->renew_directory(directory / "file") == false);
    std::filesystem::remove(directory / "file");
    CHECK(*impossible->renew_directory(directory / "file") == true);
    CHECK(*impossible->renew_directory(directory / "file") == false);
    CHECK(FileLock::try_acquire_directory(directory / "file").error().code == Errc::conflict);
    std::filesystem::remove_all(directory / "file");
    auto other = FileLock::try_acquire_directory(directory / "file");
    REQUIRE(other);
    CHECK(impossible->renew_directory(directory / "file").error().code == Errc::conflict);
    other = FileLock();
    CHECK(*impossible->renew_directory(directory / "file") == true);
    std::filesystem::create_directories(directory / "odd/lock");
    CHECK(FileLock::try_acquire_directory(directory / "odd").error().code == Errc::internal);
}
