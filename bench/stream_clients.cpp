// Many SDKs' streams in one program, as light as they can be: sockets, epoll, no buffers.
//
//     stream_clients PORT KEY COUNT plain|tls|websocket      commands on standard input, one line of answer to each:
//     open         -> seconds until all streams have begun
//     expect TEXT  -> "ready", and then how many bring it, and when by the monotonic clock in nanoseconds: the 99th
//                     percentile and the last
//     reopen N     -> closes N streams and opens them at once; seconds until 90 % and all have begun
//
// Sockets are bound to addresses of 127.0.1.0/24 in turn, so that ports suffice. Ends with its standard input.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t connecting_at_once = 200;  // while `open` runs
constexpr std::int64_t longest_wait = 60'000'000'000;
constexpr std::string_view begun = "\r\n\r\n";
constexpr const char* upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

std::int64_t monotonic_now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::to_string(errno)); }

struct FreeSsl {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};

struct Stream {
    int socket = -1;
    std::unique_ptr<SSL, FreeSsl> tls;
    bool shook_hands = false;
    bool asked = false;
    std::string tail;       // the last bytes, in which the wanted text may have begun
    std::int64_t seen = 0;  // when what is waited for came; 0: not yet
};

class Clients {
public:
    Clients(std::uint16_t port, const std::string& key, std::size_t count, std::string_view kind)
        : port_(port),
          request_("GET /sdk/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\n" +
                   (kind == "websocket" ? upgrade : "") + "Fanion-Have: "),
          epoll_(epoll_create1(0)),
          streams_(count) {
        if (kind == "tls") tls_ = SSL_CTX_new(TLS_client_method());
        if (tls_) SSL_CTX_set_mode(tls_, SSL_MODE_RELEASE_BUFFERS);
        epoll_event event{};
        event.data.u64 = input;
        event.events = EPOLLIN;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    }

    void run() {
        while (!ended_) {
            step(1000);
            for (auto end = commands_.find('\n'); end != std::string::npos; end = commands_.find('\n')) {
                const auto line = commands_.substr(0, end);
                commands_.erase(0, end + 1);
                answer(line);
            }
        }
    }

private:
    static constexpr std::uint64_t input = ~std::uint64_t{0};

    void answer(const std::string& line) {
        const auto space = line.find(' ');
        const auto word = line.substr(0, space);
        const auto rest = space == std::string::npos ? std::string() : line.substr(space + 1);
        if (word == "open") return open_all(rest);
        if (word == "expect") return expect(rest);
        if (word == "reopen") return reopen(std::stoul(rest));
        fail("no command: " + line);
    }

    // `have`: what the SDKs hold.
    void open_all(const std::string& have) {
        request_ += have + "\r\n\r\n";
        const auto began = monotonic_now();
        wait_for(begun);
        for (std::size_t i = 0; i < streams_.size(); ++i) {
            connect(i);
            while (i + 1 - seen_ >= connecting_at_once) step(1000);
        }
        wait_for_seen(streams_.size());
        std::cout << static_cast<double>(monotonic_now() - began) / 1e9 << std::endl;
    }

    void expect(const std::string& text) {
        wait_for(text);
        std::cout << "ready" << std::endl;
        wait_for_seen(streams_.size());
        const auto times = sorted_times(0, streams_.size());
        std::cout << seen_ << " " << at_share(times, 0.99) << " " << times.back() << std::endl;
    }

    void reopen(std::size_t count) {
        wait_for(begun);
        seen_ = streams_.size() - count;
        const auto began = monotonic_now();
        for (std::size_t i = 0; i < count; ++i) close(streams_[i]);
        for (std::size_t i = 0; i < count; ++i) connect(i);
        wait_for_seen(streams_.size());
        const auto times = sorted_times(0, count);
        const auto seconds = [&](std::int64_t at) { return static_cast<double>(at - began) / 1e9; };
        std::cout << seconds(at_share(times, 0.9)) << " " << seconds(times.back()) << std::endl;
    }

    std::vector<std::int64_t> sorted_times(std::size_t from, std::size_t to) const {
        std::vector<std::int64_t> times;
        for (std::size_t i = from; i < to; ++i) times.push_back(streams_[i].seen);
        std::sort(times.begin(), times.end());
        return times;
    }

    static std::int64_t at_share(const std::vector<std::int64_t>& times, double share) {
        return times[std::min(times.size() - 1, static_cast<std::size_t>(static_cast<double>(times.size()) * share))];
    }

    void wait_for(std::string_view text) {
        wanted_ = text;
        seen_ = 0;
        for (auto& stream : streams_) {
            stream.seen = 0;
            stream.tail.clear();
        }
    }

    void wait_for_seen(std::size_t count) {
        const auto end = monotonic_now() + longest_wait;
        while (seen_ < count) {
            if (ended_ || monotonic_now() > end) fail(std::to_string(seen_) + " streams have brought it");
            step(1000);
        }
    }

    void connect(std::size_t number) {
        auto& stream = streams_[number];
        stream = Stream();
        stream.socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (stream.socket < 0) fail("socket");
        const int on = 1;
        setsockopt(stream.socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(0x7f000101U + static_cast<std::uint32_t>(number % 200));
        if (bind(stream.socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) fail("bind");
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(port_);
        if (::connect(stream.socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS)
            fail("connect");
        if (tls_) {
            stream.tls.reset(SSL_new(tls_));
            SSL_set_fd(stream.tls.get(), stream.socket);
            SSL_set_connect_state(stream.tls.get());
        }
        watch(number, EPOLL_CTL_ADD, EPOLLOUT);
    }

    void watch(std::size_t number, int how, std::uint32_t events) {
        epoll_event event{};
        event.data.u64 = number;
        event.events = events;
        if (epoll_ctl(epoll_, how, streams_[number].socket, &event) != 0) fail("epoll_ctl");
    }

    static void close(Stream& stream) {
        stream.tls.reset();
        ::close(stream.socket);
        stream.socket = -1;
    }

    void step(int milliseconds) {
        epoll_event events[512];
        const int count = epoll_wait(epoll_, events, std::size(events), milliseconds);
        for (int i = 0; i < count; ++i) {
            if (events[i].data.u64 == input) {
                read_commands();
            } else {
                go_on(events[i].data.u64);
            }
        }
    }

    void read_commands() {
        char bytes[4096];
        const auto count = read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) {
            ended_ = true;
            epoll_ctl(epoll_, EPOLL_CTL_DEL, STDIN_FILENO, nullptr);
        } else {
            commands_.append(bytes, static_cast<std::size_t>(count));
        }
    }

    void go_on(std::size_t number) {
        auto& stream = streams_[number];
        if (stream.tls && !stream.shook_hands && !shake_hands(number)) return;
        if (!stream.asked) ask(number);
        read_all(stream);
    }

    bool shake_hands(std::size_t number) {
        auto& stream = streams_[number];
        const int result = SSL_do_handshake(stream.tls.get());
        if (result == 1) return stream.shook_hands = true;
        const int why = SSL_get_error(stream.tls.get(), result);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) fail("handshake");
        watch(number, EPOLL_CTL_MOD, why == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT);
        return false;
    }

    void ask(std::size_t number) {
        auto& stream = streams_[number];
        const auto size = static_cast<int>(request_.size());
        const auto sent = stream.tls
                              ? SSL_write(stream.tls.get(), request_.data(), size)
                              : static_cast<int>(::send(stream.socket, request_.data(), request_.size(), MSG_NOSIGNAL));
        if (sent != size) fail("a request could not be sent");
        stream.asked = true;
        watch(number, EPOLL_CTL_MOD, EPOLLIN);
    }

    void read_all(Stream& stream) {
        char bytes[16384];
        for (;;) {
            const auto count = stream.tls ? SSL_read(stream.tls.get(), bytes, sizeof bytes)
                                          : static_cast<int>(recv(stream.socket, bytes, sizeof bytes, 0));
            if (count > 0) {
                see(stream, {bytes, static_cast<std::size_t>(count)});
                if (!stream.tls && static_cast<std::size_t>(count) < sizeof bytes) return;
                continue;
            }
            const bool waits = stream.tls ? SSL_get_error(stream.tls.get(), count) == SSL_ERROR_WANT_READ
                                          : count < 0 && errno == EAGAIN;
            if (!waits) fail("a stream has ended");
            return;
        }
    }

    void see(Stream& stream, std::string_view bytes) {
        if (stream.seen != 0) return;
        stream.tail.append(bytes);
        if (stream.tail.find(wanted_) != std::string::npos) {
            stream.seen = monotonic_now();
            stream.tail.clear();
            ++seen_;
        } else if (stream.tail.size() >= wanted_.size()) {
            stream.tail.erase(0, stream.tail.size() - wanted_.size() + 1);
        }
    }

    const std::uint16_t port_;
    std::string request_;
    const int epoll_;
    SSL_CTX* tls_ = nullptr;
    std::vector<Stream> streams_;
    std::string wanted_{begun};
    std::size_t seen_ = 0;
    std::string commands_;
    bool ended_ = false;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: stream_clients PORT KEY COUNT plain|tls|websocket\n";
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    try {
        Clients(static_cast<std::uint16_t>(std::stoi(argv[1])), argv[2], std::stoul(argv[3]), argv[4]).run();
    } catch (const std::exception& error) {
        std::cerr << "stream_clients: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
