#include "relay/app/relay_id.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "common/base/ids.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::app;

TEST_CASE("a relay keeps its name") {
    const test::TemporaryDirectory directory;
    const auto id = load_relay_id(directory.path());
    CHECK(is_valid_key(id));
    CHECK(load_relay_id(directory.path()) == id);
}

TEST_CASE("a name whose file is removed is stored again, and one that is there is kept") {
    const test::TemporaryDirectory directory;
    const auto id = load_relay_id(directory.path());
    CHECK_FALSE(restore_relay_id(directory.path(), "relay-other"));
    CHECK(load_relay_id(directory.path()) == id);
    std::filesystem::remove(directory / "relay-id");
    CHECK(restore_relay_id(directory.path(), id));
    CHECK(load_relay_id(directory.path()) == id);
}

TEST_CASE("a name that cannot be read is replaced, and one that cannot be stored is used all the same") {
    const test::TemporaryDirectory directory;
    std::ofstream(directory / "relay-id") << "not a name\n";
    const auto id = load_relay_id(directory.path());
    CHECK(is_valid_key(id));
    CHECK(load_relay_id(directory.path()) == id);
    const auto absent = directory / "relay-id/below-a-file";
    CHECK(is_valid_key(load_relay_id(absent)));
    CHECK_FALSE(restore_relay_id(absent, id));
}
