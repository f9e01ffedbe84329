#include "common/signing/remote_key.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <optional>
#include <thread>

#include "common/signing/signer_server.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::signing;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds long_enough{20'000};

Ed25519PrivateKey key_made() { return Ed25519PrivateKey::generate(); }

// A signer on a thread of its own.
class Signing {
public:
    Signing(const std::string& path, SigningKeyPtr key, SignerServerConfig config = {})
        : stop_(::eventfd(0, EFD_CLOEXEC)) {
        config.path = path;
        server_.emplace(SignerServer::open(std::move(config), std::move(key)).value());
        thread_ = std::thread([this] { ended_ = server_->run(stop_.get()).has_value(); });
    }
    ~Signing() {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
        thread_.join();
        CHECK(ended_);
    }

private:
    UniqueFd stop_;
    std::optional<SignerServer> server_;
    bool ended_ = false;
    std::thread thread_;
};

class Away final : public SigningKey {
public:
    const Ed25519PublicKey& public_key() const noexcept override { return key_.public_key(); }
    Result<std::string> sign(std::string_view) const override { return Error{Errc::unavailable, "the token is away"}; }
    bool is_local() const noexcept override { return false; }

private:
    Ed25519PrivateKey key_ = key_made();
};

// Signs with a key other than the one that it says.
class Liar final : public SigningKey {
public:
    const Ed25519PublicKey& public_key() const noexcept override { return said_.public_key(); }
    Result<std::string> sign(std::string_view message) const override { return used_.sign(message); }
    bool is_local() const noexcept override { return false; }

private:
    Ed25519PrivateKey said_ = key_made();
    Ed25519PrivateKey used_ = key_made();
};

struct Folder {
    test::TemporaryDirectory directory;
    std::string path = directory / "signer.sock";
};

}  // namespace

TEST_CASE_METHOD(Folder, "a signer signs as its key would") {
    const auto key = key_made();
    const Signing signer(path, make_local_key(key));
    const auto remote = RemoteKey::open(path, long_enough);
    REQUIRE(remote);
    CHECK((*remote)->public_key().raw() == key.public_key().raw());
    CHECK((*remote)->public_key().kid() == key.public_key().kid());
    CHECK_FALSE((*remote)->is_local());
    for (const auto& message : {std::string(), std::string("message"), std::string(largest_message, 'x')}) {
        const auto signature = (*remote)->sign(message);
        REQUIRE(signature);
        CHECK(*signature == key.sign(message));  // Ed25519 is deterministic
    }
    CHECK_FALSE((*remote)->sign(std::string(largest_message + 1, 'x')));
    CHECK((*remote)->ping());
}

TEST_CASE_METHOD(Folder, "a signer that is away is named, and is used as soon as it is back") {
    const auto key = make_local_key(key_made());
    CHECK(RemoteKey::open(path, long_enough).error().code == Errc::unavailable);
    std::optional<Signing> signer;
    signer.emplace(path, key);
    const auto remote = RemoteKey::open(path, long_enough).value();
    REQUIRE(remote->sign("a"));
    signer.reset();
    const auto away = remote->sign("b");
    CHECK(away.error().code == Errc::unavailable);
    CHECK(away.error().detail.starts_with("the signer at unix:" + path + " cannot be used: "));
    CHECK_FALSE(remote->ping());
    signer.emplace(path, key);
    CHECK(remote->sign("b"));
    // It was restarted between two requests, so that the connection has ended.
    signer.reset();
    signer.emplace(path, key);
    CHECK(remote->sign("c"));
}

TEST_CASE_METHOD(Folder, "a signer that comes back with another key is not believed") {
    std::optional<Signing> signer;
    signer.emplace(path, make_local_key(key_made()));
    const auto remote = RemoteKey::open(path, long_enough).value();
    signer.reset();
    signer.emplace(path, make_local_key(key_made()));
    CHECK(remote->sign("a").error().detail.find("it has another key now") != std::string::npos);
    CHECK(remote->sign("a").error().detail.find("it has another key now") != std::string::npos);
    signer.reset();
    signer.emplace(path, std::make_shared<Liar>());
    const auto other = RemoteKey::open(path, long_enough).value();
    CHECK(other->sign("a").error().detail.find("no signature of its key") != std::string::npos);
}

TEST_CASE_METHOD(Folder, "what the signer cannot or does not sign is an error that says so") {
    {
        const Signing signer(path, std::make_shared<Away>());
        const auto remote = RemoteKey::open(path, long_enough).value();
        CHECK(remote->sign("a").error().code == Errc::unavailable);
        CHECK(remote->sign("a").error().detail.find("the signer says: the token is away") != std::string::npos);
    }
    SignerServerConfig config;
    config.signs = "DSSEv1 3 abc ";
    const Signing signer(path, make_local_key(key_made()), config);
    const auto remote = RemoteKey::open(path, long_enough).value();
    CHECK(remote->sign("DSSEv1 3 abc 1 x"));
    CHECK(remote->sign("DSSEv1 3 abd 1 x").error().code == Errc::forbidden);
    CHECK(remote->sign("DSSEv1 3 abc 1 y"));  // over the same connection
}

TEST_CASE_METHOD(Folder, "only the users that are listed may ask") {
    SignerServerConfig config;
    config.users = {::getuid() + 1};
    const Signing signer(path, make_local_key(key_made()), config);
    const auto refused = RemoteKey::open(path, long_enough);
    CHECK(refused.error().detail.find("your user may not ask for signatures") != std::string::npos);
}

TEST_CASE_METHOD(Folder, "a signer that does not answer costs one timeout, and then nothing for a while") {
    // Somebody listens and never answers.
    const auto silent = net::UnixListener::open(path, 0600);
    REQUIRE(silent);
    const auto open = RemoteKey::open(path, milliseconds(50));
    CHECK(open.error().detail.find("it does not answer in time") != std::string::npos);
}

TEST_CASE_METHOD(Folder, "connections that are idle make room, if they have been so for long enough") {
    for (const bool is_long : {false, true}) {
        SignerServerConfig config;
        config.connections = 2;
        config.patience = is_long ? milliseconds(0) : long_enough;
        const Signing signer(path, make_local_key(key_made()), config);
        const auto first = RemoteKey::open(path, long_enough).value();
        const auto second = RemoteKey::open(path, long_enough).value();
        const auto third = RemoteKey::open(path, long_enough);
        CHECK(third.has_value() == is_long);
        if (!is_long) CHECK(third.error().detail.find("too many connections") != std::string::npos);
        CHECK(first->sign("a"));  // on a new connection, if its own has made room
    }
}

TEST_CASE_METHOD(Folder, "a connection that sends nonsense is told so and closed, and others are served") {
    const Signing signer(path, make_local_key(key_made()));
    const auto remote = RemoteKey::open(path, long_enough).value();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    for (const auto& nonsense : {std::string("\xFF\xFF\xFF\xFF"), std::string("GET / HTTP/1.1\r\n\r\n")}) {
        const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(write_all(fd.get(), nonsense));
        std::string answer;
        char byte = 0;
        while (::read(fd.get(), &byte, 1) == 1) answer += byte;  // until it is closed
        const auto frame = take_frame(answer);
        REQUIRE(frame);
        REQUIRE(*frame);
        CHECK((*frame)->kind == FrameKind::error);
        CHECK((*frame)->body.front() == static_cast<char>(SignerRefusal::malformed));
    }
    CHECK(remote->sign("a"));
}
