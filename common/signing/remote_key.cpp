#include "common/signing/remote_key.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace fanion::signing {
namespace {

using Clock = RemoteKey::Clock;
constexpr std::chrono::seconds silence{1};

// Whether the socket is ready before `until`.
bool await_ready(int fd, short events, Clock::time_point until) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        if (left <= 0) return false;
        pollfd wanted{fd, events, 0};
        const int ready = ::poll(&wanted, 1, static_cast<int>(std::min<long>(left, 60'000)));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

Error timed_out() { return {Errc::timed_out, "it does not answer in time"}; }

Result<> send_all(int fd, std::string_view bytes, Clock::time_point until) {
    while (!bytes.empty()) {
        const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return Error{Errc::network, std::strerror(errno)};
        if (!await_ready(fd, POLLOUT, until)) return timed_out();
    }
    return {};
}

Result<Frame> receive_frame(int fd, std::string& buffer, Clock::time_point until) {
    for (;;) {
        auto frame = take_frame(buffer);
        if (!frame) return Error{Errc::network, "it does not speak the signer's protocol: " + frame.error().detail};
        if (*frame) return std::move(**frame);
        if (!await_ready(fd, POLLIN, until)) return timed_out();
        char bytes[4096];
        const auto count = ::recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (count == 0) return Error{Errc::network, "it has closed the connection"};
        if (count < 0 && errno != EINTR && errno != EAGAIN) return Error{Errc::network, std::strerror(errno)};
        if (count > 0) buffer.append(bytes, static_cast<std::size_t>(count));
    }
}

}  // namespace

Error RemoteKey::away(const std::string& why) const {
    return {Errc::unavailable, "the signer at unix:" + path_ + " cannot be used: " + why};
}

Result<> RemoteKey::connect(Clock::time_point until) const {
    sockaddr_un address{};
    if (path_.size() >= sizeof address.sun_path) return Error{Errc::network, "its path is too long"};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd) return Error{Errc::network, std::strerror(errno)};
    // A full queue of a signer that does not accept would block for ever.
    const auto left = std::max<long>(1, std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count());
    const timeval limit{left / 1000, left % 1000 * 1000};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (errno == EAGAIN || errno == EINPROGRESS) return timed_out();
        return Error{Errc::network, std::strerror(errno)};
    }
    received_.clear();
    socket_ = std::move(fd);
    return {};
}

// What an answer is, the connection is kept for; after anything else it is of no use.
Result<Frame> RemoteKey::request_once(const std::string& frame, Clock::time_point until) const {
    auto sent = send_all(socket_.get(), frame, until);
    // Who closes the connection may have said why before.
    const bool may_answer = sent || sent.error().code != Errc::timed_out;
    auto answer = may_answer ? receive_frame(socket_.get(), received_, until) : Result<Frame>(sent.error());
    if (!answer) socket_ = UniqueFd();
    return answer;
}

Result<std::string> RemoteKey::ask_key(Clock::time_point until) const {
    auto answer = request_once(format_frame(FrameKind::key, {&protocol_version, 1}), until);
    if (!answer) return answer.error();
    if (answer->kind == FrameKind::key && answer->body.size() == 32) return std::move(answer->body);
    socket_ = UniqueFd();
    if (answer->kind == FrameKind::error) return Error{Errc::network, read_refusal(answer->body).detail};
    return Error{Errc::network, "it does not say its key"};
}

Result<Frame> RemoteKey::request(FrameKind kind, std::string_view body) const {
    const auto until = Clock::now() + timeout_;
    const std::unique_lock lock(mutex_, until);
    if (!lock) return away("others wait for it");
    if (Clock::now() < silent_until_) return away("it did not answer in time a moment ago");
    const auto frame = format_frame(kind, body);
    auto answer = socket_ ? request_once(frame, until) : Result<Frame>(Error{Errc::network, "not connected"});
    // The connection may be of a signer that was restarted since.
    if (!answer && answer.error().code != Errc::timed_out) {
        auto connected = connect(until);
        auto key = connected ? ask_key(until) : Result<std::string>(connected.error());
        if (key && public_key_ && *key != public_key_->raw()) {
            socket_ = UniqueFd();
            key = Error{Errc::network, "it has another key now: reload the configuration (SIGHUP)"};
        }
        answer = key ? request_once(frame, until) : Result<Frame>(key.error());
    }
    if (answer) return answer;
    if (answer.error().code == Errc::timed_out) silent_until_ = Clock::now() + silence;
    return away(answer.error().detail);
}

Result<std::shared_ptr<const RemoteKey>> RemoteKey::open(std::string path, std::chrono::milliseconds timeout) {
    const std::shared_ptr<RemoteKey> made(new RemoteKey(std::move(path), timeout));
    const auto answer = made->request(FrameKind::key, {&protocol_version, 1});
    if (!answer) return answer.error();
    if (answer->kind == FrameKind::error) return made->away(read_refusal(answer->body).detail);
    auto key = answer->kind == FrameKind::key
                   ? Ed25519PublicKey::from_raw(answer->body)
                   : Result<Ed25519PublicKey>(Error{Errc::network, "it does not say its key"});
    if (!key) return made->away(key.error().detail);
    made->public_key_ = std::make_shared<const Ed25519PublicKey>(std::move(*key));
    return std::shared_ptr<const RemoteKey>(made);
}

Result<std::string> RemoteKey::sign(std::string_view message) const {
    if (message.size() > largest_message) return away("a message of " + std::to_string(message.size()) + " bytes");
    auto answer = request(FrameKind::sign, message);
    if (!answer) return answer.error();
    if (answer->kind == FrameKind::error) {
        auto refusal = read_refusal(answer->body);
        return refusal.code == Errc::forbidden ? refusal : away(refusal.detail);
    }
    if (answer->kind != FrameKind::sign || !public_key_->verify(message, answer->body))
        return away("what it has sent is no signature of its key");
    return std::move(answer->body);
}

Result<> RemoteKey::ping() const {
    const auto answer = request(FrameKind::key, {&protocol_version, 1});
    if (!answer) return answer.error();
    if (answer->kind == FrameKind::error) return away(read_refusal(answer->body).detail);
    if (answer->kind != FrameKind::key || answer->body != public_key_->raw()) return away("it has another key now");
    return {};
}

}  // namespace fanion::signing
