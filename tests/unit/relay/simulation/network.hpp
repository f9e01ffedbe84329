#pragma once

// The network between a relay and what it asks, a link for each origin: network.cpp is
// net::HttpClient in this test program. Requests take time, and are lost, answered twice, or
// answered with something old or damaged; a stream is cut at any byte.

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/net/http_client.hpp"
#include "tests/unit/relay/simulation/faults.hpp"
#include "tests/unit/relay/simulation/machine.hpp"

namespace fanion::test {

// One way of a stream, from the server to the client.
class Channel {
public:
    void send(std::string bytes, UnixMillis arrives);
    void close(UnixMillis arrives);  // in order, as by the server
    void cut();                      // at once: what is on its way is lost
    bool is_open() const { return !is_cut_ && !closes_; }

private:
    friend class ChannelStream;
    struct Chunk {
        UnixMillis arrives;
        std::string bytes;
    };
    std::deque<Chunk> chunks_;
    std::optional<UnixMillis> closes_;
    bool is_cut_ = false;
    boost::asio::steady_timer* reader_ = nullptr;  // waits for the next chunk
    void wake();
};
using ChannelPtr = std::shared_ptr<Channel>;

// What a client waits for.
template <class Answer>
class Pending {
public:
    // Once; nothing: the connection is lost.
    void settle(std::optional<Answer> answer) {
        if (std::exchange(is_settled_, true)) return;
        answer_ = std::move(answer);
        if (waiter_) waiter_->cancel();
    }
    bool is_settled() const { return is_settled_; }
    // After at most `limit`.
    boost::asio::awaitable<std::optional<Answer>> wait(std::chrono::milliseconds limit);

private:
    bool is_settled_ = false;
    std::optional<Answer> answer_;
    boost::asio::steady_timer* waiter_ = nullptr;
};

struct Opened {
    unsigned status = 200;
    ChannelPtr channel;  // null: refused
};
using PendingResponse = std::shared_ptr<Pending<net::ClientResponse>>;
using PendingStream = std::shared_ptr<Pending<Opened>>;

// What answers.
class Server {
public:
    virtual ~Server() = default;
    virtual void answer(net::ClientRequest request, PendingResponse to) = 0;
    virtual void open(net::ClientRequest request, PendingStream to) = 0;
};

class Network {
public:
    Network(Machine& machine, std::string origin);
    ~Network();
    Network(const Network&) = delete;
    const std::string& origin() const { return origin_; }

    // Null: its process has ended.
    void set_server(Server* server);
    // Per cent of requests and chunks that meet with trouble.
    void set_trouble(unsigned percent) { trouble_ = percent; }
    void set_up(bool up);
    bool is_up() const { return up_; }
    // Of the client's process. Without one no requests are sent, and no answers come to those of
    // earlier ones.
    void start_client() { has_client_ = true; }
    void end_client();

    void write(Channel& to, std::string bytes);  // as the server

private:
    friend class Exchange;
    friend struct VirtualClient;
    bool is_troubled() { return machine_.chance(trouble_); }
    bool meets(Fault fault);
    UnixMillis delay() { return static_cast<UnixMillis>(machine_.below(meets(Fault::stream_late) ? 3'000 : 40)); }
    void cut_streams();
    std::string damaged(std::string bytes);

    Machine& machine_;
    const std::string origin_;
    Server* server_ = nullptr;
    unsigned trouble_ = 0;
    bool up_ = true;
    std::uint64_t client_ = 0;  // number of the client's process
    bool has_client_ = false;
    std::vector<std::weak_ptr<Channel>> channels_;
    std::map<std::string, net::ClientResponse> old_;  // by target without its query: for replays
    std::string old_bytes_;                           // of some stream
};

}  // namespace fanion::test
