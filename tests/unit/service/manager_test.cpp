#include "common/service/manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "common/base/file.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;

namespace {

// The socket of a service manager, at a path or, with "@", in the abstract namespace.
class Manager {
public:
    explicit Manager(const std::string& name)
        : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        REQUIRE(name.size() < sizeof address.sun_path);
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name[0] == '@') address.sun_path[0] = '\0';
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0);
    }

    // A datagram is there when sendto() has returned.
    std::string next() const {
        std::array<char, 64> bytes;
        const auto count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        return count < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(count));
    }

private:
    UniqueFd socket_;
};

}  // namespace

TEST_CASE("a service manager is told at a path and in the abstract namespace") {
    const test::TemporaryDirectory directory;
    const std::string path = directory / "notify";
    for (const auto& name : {path, "@" + path}) {
        const Manager manager(name);
        CHECK(send_to_manager(name, manager_ready));
        CHECK(manager.next() == "READY=1");
        CHECK(manager.next() == "nothing");
    }
}

TEST_CASE("what is not a service manager's socket is an error that names it") {
    const test::TemporaryDirectory directory;
    const std::string path = directory / "none";
    const auto nobody = send_to_manager(path, manager_ready);
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().detail.find(path) != std::string::npos);
    for (const std::string& name : {std::string(), std::string("relative"), "/" + std::string(200, 'x')}) {
        const auto sent = send_to_manager(name, manager_ready);
        REQUIRE_FALSE(sent);
        CHECK(sent.error().code == Errc::invalid_input);
    }
}

TEST_CASE("a service tells the manager of its environment, and goes on without one") {
    const test::TemporaryDirectory directory;
    const test::CapturedLog captured;
    ::unsetenv("NOTIFY_SOCKET");
    tell_manager(manager_ready, captured.log());
    CHECK(captured.text().empty());
    ::setenv("NOTIFY_SOCKET", std::string(directory / "none").c_str(), 1);
    tell_manager(manager_ready, captured.log());
    CHECK(captured.has("manager_not_told"));
    const Manager manager(directory / "notify");
    ::setenv("NOTIFY_SOCKET", std::string(directory / "notify").c_str(), 1);
    tell_manager(manager_stopping, captured.log());
    CHECK(manager.next() == "STOPPING=1");
    ::unsetenv("NOTIFY_SOCKET");
}
