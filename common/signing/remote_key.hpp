#pragma once

// A key behind a signer's Unix socket. Thread-safe: requests wait for each other. Blocking, each
// request no longer than its timeout, and not at all for a second after one has timed out.
//
// It connects when it must, again and again: a signer that was away is used as soon as it is back.

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "common/base/file.hpp"
#include "common/signing/protocol.hpp"
#include "common/signing/signing_key.hpp"

namespace fanion::signing {

class RemoteKey final : public SigningKey {
public:
    using Clock = std::chrono::steady_clock;

    // Asks the signer at `path` for its public key. Error: unavailable; the detail names the path.
    static Result<std::shared_ptr<const RemoteKey>> open(std::string path, std::chrono::milliseconds timeout);

    const Ed25519PublicKey& public_key() const noexcept override { return *public_key_; }
    // Errors: unavailable, the signer is away, does not answer in time, or has another key now;
    // forbidden, it does not sign such messages. A signature that is not the key's is an error.
    Result<std::string> sign(std::string_view message) const override;
    bool is_local() const noexcept override { return false; }

    // Whether the signer answers, and has the same key. Errors: as sign().
    Result<> ping() const;

private:
    RemoteKey(std::string path, std::chrono::milliseconds timeout) : path_(std::move(path)), timeout_(timeout) {}

    Result<Frame> request(FrameKind kind, std::string_view body) const;
    Result<Frame> request_once(const std::string& frame, Clock::time_point until) const;
    Result<> connect(Clock::time_point until) const;
    Result<std::string> ask_key(Clock::time_point until) const;
    Error away(const std::string& why) const;

    const std::string path_;
    const std::chrono::milliseconds timeout_;
    std::shared_ptr<const Ed25519PublicKey> public_key_;  // set by open(), then never changed

    mutable std::timed_mutex mutex_;  // of what follows
    mutable UniqueFd socket_;
    mutable std::string received_;
    mutable Clock::time_point silent_until_{};
};

}  // namespace fanion::signing
