#pragma once

// The other end of RemoteKey: signs for those who may write to its Unix socket. One thread, which
// run() blocks.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/base/file.hpp"
#include "common/net/unix_listener.hpp"
#include "common/signing/protocol.hpp"
#include "common/signing/signing_key.hpp"

namespace fanion::signing {

struct SignerServerConfig {
    std::string path;
    unsigned mode = 0660;
    std::string signs;              // what messages begin with that are signed; empty: all
    std::vector<uid_t> users = {};  // whose processes may ask; empty: all who may connect
    std::size_t connections = 64;   // one more takes the place of the idlest
    // For the rest of a request that has begun, and how long a connection is idle before it may
    // lose its place.
    std::chrono::milliseconds patience{10'000};
};

struct SignerCounts {
    std::uint64_t signatures = 0;
    std::uint64_t refused = 0;
    std::uint64_t failed = 0;
};

class SignerServer {
public:
    // Errors: those of net::UnixListener::open().
    static Result<SignerServer> open(SignerServerConfig config, SigningKeyPtr key);

    // Serves until `stop_fd` can be read. Error: internal, the system refuses to wait.
    Result<> run(int stop_fd);

    const SignerCounts& counts() const noexcept { return counts_; }

private:
    using Clock = std::chrono::steady_clock;
    struct Client {
        UniqueFd socket;
        std::string received;
        Clock::time_point since;  // when what was received last began, or it connected
    };

    SignerServer(SignerServerConfig config, SigningKeyPtr key, net::UnixListener listener, UniqueFd accepting)
        : config_(std::move(config)),
          key_(std::move(key)),
          listener_(std::move(listener)),
          accepting_(std::move(accepting)) {}

    void accept_clients();
    bool is_allowed(int fd) const;
    // False: the connection is to be closed.
    bool read_requests(Client& client);
    bool answer_all(Client& client);
    std::string answer(const Frame& request);
    void close_slow();
    // Closes the connection that has been idle longest, if that is long enough. It can connect
    // again.
    bool make_room();

    SignerServerConfig config_;
    SigningKeyPtr key_;
    net::UnixListener listener_;
    UniqueFd accepting_;
    std::map<int, Client> clients_;
    SignerCounts counts_;
};

}  // namespace fanion::signing
