#include "common/signing/signer_server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace fanion::signing {
namespace {

constexpr int look_again_ms = 1000;  // for requests that never end

// Answers are small: who has no room for one does not read.
bool send_now(int fd, std::string_view bytes) {
    return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(bytes.size());
}

}  // namespace

Result<SignerServer> SignerServer::open(SignerServerConfig config, SigningKeyPtr key) {
    auto listener = net::UnixListener::open(config.path, config.mode);
    if (!listener) return listener.error();
    auto accepting = listener->duplicate();
    if (!accepting) return accepting.error();
    return SignerServer(std::move(config), std::move(key), std::move(*listener), UniqueFd(*accepting));
}

Result<> SignerServer::run(int stop_fd) {
    for (;;) {
        std::vector<pollfd> waiting{{stop_fd, POLLIN, 0}, {accepting_.get(), POLLIN, 0}};
        for (const auto& [fd, client] : clients_) waiting.push_back({fd, POLLIN, 0});
        if (::poll(waiting.data(), waiting.size(), look_again_ms) < 0 && errno != EINTR)
            return errno_error(Errc::internal, "cannot wait for requests");
        if (waiting[0].revents != 0) return {};
        for (std::size_t i = 2; i < waiting.size(); ++i) {
            if (waiting[i].revents == 0) continue;
            const auto client = clients_.find(waiting[i].fd);
            if (!read_requests(client->second)) clients_.erase(client);
        }
        if (waiting[1].revents != 0) accept_clients();
        close_slow();
    }
}

void SignerServer::accept_clients() {
    for (;;) {
        UniqueFd fd(::accept4(accepting_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!fd) return;
        if (!is_allowed(fd.get())) {
            ++counts_.refused;
            send_now(fd.get(), format_refusal(SignerRefusal::refused, "your user may not ask for signatures"));
        } else if (clients_.size() >= config_.connections && !make_room()) {
            send_now(fd.get(), format_refusal(SignerRefusal::unavailable, "too many connections"));
        } else {
            const int number = fd.get();
            clients_.emplace(number, Client{std::move(fd), {}, Clock::now()});
        }
    }
}

bool SignerServer::is_allowed(int fd) const {
    if (config_.users.empty()) return true;
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return std::ranges::find(config_.users, peer.uid) != config_.users.end();
}

bool SignerServer::read_requests(Client& client) {
    char bytes[16 * 1024];
    const auto count = ::recv(client.socket.get(), bytes, sizeof bytes, 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    if (client.received.empty()) client.since = Clock::now();
    client.received.append(bytes, static_cast<std::size_t>(count));
    return answer_all(client);
}

bool SignerServer::answer_all(Client& client) {
    for (;;) {
        const auto frame = take_frame(client.received);
        if (!frame) {
            send_now(client.socket.get(), format_refusal(SignerRefusal::malformed, frame.error().detail));
            return false;
        }
        if (!*frame) return true;
        client.since = Clock::now();
        if (!send_now(client.socket.get(), answer(**frame))) return false;
    }
}

std::string SignerServer::answer(const Frame& request) {
    if (request.kind == FrameKind::key) {
        if (request.body != std::string_view(&protocol_version, 1))
            return format_refusal(SignerRefusal::malformed, "this signer speaks version 1 of the protocol");
        return format_frame(FrameKind::key, key_->public_key().raw());
    }
    if (request.kind != FrameKind::sign) return format_refusal(SignerRefusal::malformed, "this is no request");
    if (!request.body.starts_with(config_.signs)) {
        ++counts_.refused;
        return format_refusal(SignerRefusal::refused, "this signer signs manifests of rulesets only");
    }
    const auto signature = key_->sign(request.body);
    ++(signature ? counts_.signatures : counts_.failed);
    if (!signature) return format_refusal(SignerRefusal::unavailable, signature.error().detail);
    return format_frame(FrameKind::sign, *signature);
}

void SignerServer::close_slow() {
    const auto now = Clock::now();
    std::erase_if(clients_, [&](const auto& entry) {
        return !entry.second.received.empty() && now - entry.second.since > config_.patience;
    });
}

bool SignerServer::make_room() {
    const auto until = Clock::now() - config_.patience;
    auto idlest = clients_.end();
    for (auto each = clients_.begin(); each != clients_.end(); ++each) {
        if (!each->second.received.empty() || each->second.since > until) continue;
        if (idlest == clients_.end() || each->second.since < idlest->second.since) idlest = each;
    }
    if (idlest == clients_.end()) return false;
    clients_.erase(idlest);
    return true;
}

}  // namespace fanion::signing
