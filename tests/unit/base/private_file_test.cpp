#include "common/base/private_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <utility>
#include <vector>

#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;

TEST_CASE("a file with a secret is its owner's alone, or may be read by its group") {
    test::TemporaryDirectory directory;
    const std::string file = directory / "key";
    std::ofstream(file) << "key";
    const std::vector<std::pair<mode_t, bool>> modes{{0600, true},  {0400, true},  {0640, true},  {0440, true},
                                                     {0644, false}, {0604, false}, {0660, false}, {0602, false}};
    for (const auto& [mode, is_private] : modes) {
        CAPTURE(mode);
        REQUIRE(::chmod(file.c_str(), mode) == 0);
        CHECK(check_private_file(file).has_value() == is_private);
    }
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
    const auto error = check_private_file(file).error();
    CHECK(error.code == Errc::forbidden);
    CHECK(error.detail.starts_with(file + " has mode 0644, "));
    CHECK(error.detail.find("chmod 0600 " + file) != std::string::npos);
    // As in a volume of Kubernetes: what the link leads to counts.
    const std::string link = directory / "link";
    REQUIRE(::symlink("key", link.c_str()) == 0);
    CHECK_FALSE(check_private_file(link));
}

TEST_CASE("what is not there, and what is no file, is left to who reads it") {
    test::TemporaryDirectory directory;
    CHECK(check_private_file(directory / "nothing"));
    CHECK(check_private_file("/dev/null"));
}
