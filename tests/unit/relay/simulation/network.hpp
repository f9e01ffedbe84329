#pragma once

// The network between a relay and what it asks: network.cpp is net::HttpClient in this test
// program. Requests take time, and are lost, answered twice, or answered with something old or
// damaged; a stream is cut at any byte.

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/net/http_client.hpp"
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

// What answers.
class Server {
public:
    virtual ~Server() = default;
    virtual net::ClientResponse answer(const net::ClientRequest& request) = 0;
    // Null: refused.
    virtual ChannelPtr open(const net::ClientRequest& request) = 0;
};

class Network {
public:
    explicit Network(Machine& machine);
    ~Network();

    void set_server(Server* server) { server_ = server; }
    // Per cent of requests and chunks that meet with trouble.
    void set_trouble(unsigned percent) { trouble_ = percent; }
    void set_up(bool up);
    bool is_up() const { return up_; }
    // The client's process has ended: its requests are not sent, and its answers do not come.
    void end_client();

    void write(Channel& to, std::string bytes);  // as the server

private:
    friend class Exchange;
    friend struct VirtualClient;
    bool is_troubled() { return machine_.chance(trouble_); }
    UnixMillis delay() { return static_cast<UnixMillis>(machine_.below(is_troubled() ? 3'000 : 40)); }
    std::string damaged(std::string bytes);

    Machine& machine_;
    Server* server_ = nullptr;
    unsigned trouble_ = 0;
    bool up_ = true;
    std::uint64_t client_ = 0;  // number of the client's process
    std::vector<std::weak_ptr<Channel>> channels_;
    std::map<std::string, net::ClientResponse> old_;  // by target without its query: for replays
    std::string old_bytes_;                           // of some stream
};

}  // namespace fanion::test
