// With a real token of SoftHSM, which signs Ed25519 as hardware would.

#include <stdlib.h>
#include <sys/wait.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "common/signing/pkcs11_key.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::signing;

namespace {

constexpr const char* module_file = "/usr/lib/softhsm/libsofthsm2.so";

int call(const std::vector<std::string>& arguments, const std::string& log) {
    return test::wait_for_exit(test::start_child(arguments, log), std::chrono::seconds(60)).value_or(-1);
}

// A token with one key, which OpenSSL has made. The module reads its configuration when it is loaded, so one for all tests.
struct Token {
    Token() {
        std::filesystem::create_directory(directory / "tokens");
        std::ofstream(directory / "softhsm2.conf") << "directories.tokendir = " << directory / "tokens"
                                                   << "\n";
        ::setenv("SOFTHSM2_CONF", (directory / "softhsm2.conf").c_str(), 1);
        std::ofstream(directory / "key.pem") << key.to_pem();
        const auto log = directory / "log";
        REQUIRE(call({"/usr/bin/softhsm2-util", "--init-token", "--free", "--label", "fanion", "--pin", "1234",
                      "--so-pin", "5678"},
                     log) == 0);
        import("rulesets", "a1");
    }
    void import(const std::string& label, const std::string& id) const {
        REQUIRE(call({"/usr/bin/softhsm2-util", "--import", directory / "key.pem", "--token", "fanion", "--label",
                      label, "--id", id, "--pin", "1234"},
                     directory / "log") == 0);
    }

    test::TemporaryDirectory directory;
    Ed25519PrivateKey key = Ed25519PrivateKey::generate();
};

const Token& token() {
    static const Token made;
    return made;
}

}  // namespace

TEST_CASE("a key in a token signs as the same key in a file does") {
    const auto& made = token();
    const auto opened = open_pkcs11_key({module_file, "fanion", "rulesets", "1234"});
    REQUIRE(opened);
    CHECK((*opened)->public_key().raw() == made.key.public_key().raw());
    for (const auto& message : {std::string("m"), std::string(60'000, 'x')})
        CHECK((*opened)->sign(message).value() == made.key.sign(message));
    CHECK_FALSE((*opened)->is_local());
    // Two at a time, as after SIGHUP.
    const auto again = open_pkcs11_key({module_file, "fanion", "rulesets", "1234"});
    REQUIRE(again);
    CHECK((*again)->sign("m").value() == (*opened)->sign("m").value());
}

TEST_CASE("what is wrong with a token is named, and the PIN is not") {
    const auto& made = token();
    const auto refused = [](const Pkcs11Options& options) {
        const auto opened = open_pkcs11_key(options);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().detail.find("4321") == std::string::npos);
        return opened.error().detail;
    };
    CHECK(refused({"/nowhere.so", "fanion", "rulesets", "1234"}).find("/nowhere.so") != std::string::npos);
    CHECK(refused({module_file, "fanion", "other", "1234"}) ==
          "there is no private Ed25519 key with the label 'other' in the token");
    CHECK(refused({module_file, "other", "rulesets", "1234"}) == "there is no token with the label 'other'");
    CHECK(refused({module_file, "fanion", "rulesets", "4321"}) == "the PIN is wrong");
    made.import("twice", "b1");
    made.import("twice", "b2");
    CHECK(refused({module_file, "fanion", "twice", "1234"}) ==
          "there is more than one private Ed25519 key with the label 'twice' in the token");
}
