// Requests at a steady rate, whatever the answers take: what waits because the server was late counts as late. One POST again
// and again over connections that are kept.
//
//     steady_load PORT PATH KEY BODY RATE SECONDS CONNECTIONS   -> JSON: requests a second that were answered, and
//                                                                  microseconds from the moment a request was due to its answer

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::int64_t monotonic_now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::to_string(errno)); }

int connect_to(std::uint16_t port) {
    const int peer = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (peer < 0 || connect(peer, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("connect");
    const int on = 1;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return peer;
}

constexpr std::int64_t longest_wait = 100'000'000;

struct Load {
    struct Connection {
        int socket = -1;
        std::int64_t due = 0;  // of the request under way
    };

    Load(std::uint16_t port, std::string bytes, std::size_t connections)
        : request(std::move(bytes)), epoll(epoll_create1(0)) {
        for (std::size_t i = 0; i < connections; ++i) {
            peers.push_back({connect_to(port)});
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            epoll_ctl(epoll, EPOLL_CTL_ADD, peers[i].socket, &event);
            idle.push_back(i);
        }
    }

    void run(double rate, double seconds) {
        const auto began = monotonic_now();
        const auto due_at = [&](std::size_t number) {
            return began + static_cast<std::int64_t>(static_cast<double>(number) / rate * 1e9);
        };
        const auto end = began + static_cast<std::int64_t>(seconds * 1e9);
        latencies.reserve(static_cast<std::size_t>(std::min(rate, 200'000.0) * seconds));
        std::size_t sent = 0;
        for (auto now = began; now < end || idle.size() < peers.size(); now = monotonic_now()) {
            auto due = due_at(sent);
            while (now < end && due <= now && !idle.empty()) {
                send(due);
                due = due_at(++sent);
            }
            receive(now < end && !idle.empty() ? std::max(due - now, std::int64_t{0}) : longest_wait);
        }
        took = static_cast<double>(monotonic_now() - began) / 1e9;
    }

    void send(std::int64_t due) {
        auto& peer = peers[idle.back()];
        idle.pop_back();
        peer.due = due;
        if (::send(peer.socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
            fail("send");
    }

    void receive(std::int64_t nanoseconds) {
        epoll_event events[256];
        const timespec limit{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
        const int count = epoll_pwait2(epoll, events, std::size(events), &limit, nullptr);
        char bytes[16384];
        for (int i = 0; i < count; ++i) {
            auto& peer = peers[events[i].data.u64];
            const auto size = recv(peer.socket, bytes, sizeof bytes, 0);
            const std::string_view answer(bytes, size > 0 ? static_cast<std::size_t>(size) : 0);
            if (!answer.starts_with("HTTP/1.1 200 ")) fail("not answered with 200");
            latencies.push_back(monotonic_now() - peer.due);
            idle.push_back(events[i].data.u64);
        }
    }

    double microseconds(double share) const {
        return static_cast<double>(
                   latencies[static_cast<std::size_t>(static_cast<double>(latencies.size() - 1) * share)]) /
               1e3;
    }

    const std::string request;
    const int epoll;
    std::vector<Connection> peers;
    std::vector<std::size_t> idle;
    std::vector<std::int64_t> latencies;
    double took = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 8) {
        std::cerr << "usage: steady_load PORT PATH KEY BODY RATE SECONDS CONNECTIONS\n";
        return 2;
    }
    try {
        const std::string body = argv[4];
        const std::string request =
            "POST " + std::string(argv[2]) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + argv[3] +
            "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        Load load(static_cast<std::uint16_t>(std::stoi(argv[1])), request, std::stoul(argv[7]));
        load.run(std::stod(argv[5]), std::stod(argv[6]));
        if (load.latencies.empty()) fail("no answer");
        std::sort(load.latencies.begin(), load.latencies.end());
        std::cout << R"({"rate":)" << static_cast<double>(load.latencies.size()) / load.took << R"(,"p50":)"
                  << load.microseconds(0.5) << R"(,"p99":)" << load.microseconds(0.99) << R"(,"worst":)"
                  << load.microseconds(1) << "}\n";
    } catch (const std::exception& error) {
        std::cerr << "steady_load: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
