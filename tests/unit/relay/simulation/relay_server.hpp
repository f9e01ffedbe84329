#pragma once

// A relay's public port as the network sees it: the program's own routes and handlers, without
// sockets. If it is hostile, which its operator may not know, it changes what it passes on.

#include <deque>
#include <map>
#include <string>

#include "common/net/router.hpp"
#include "common/net/task_group.hpp"
#include "relay/serve/worker_services.hpp"
#include "tests/unit/relay/simulation/network.hpp"

namespace fanion::test {

// What somebody does who has the relay: alters, replays, reorders, withholds, and mixes
// environments. He acknowledges no events that he does not keep.
class Hostility {
public:
    explicit Hostility(Machine& machine) : machine_(machine) {}
    void set(bool hostile) { is_hostile_ = hostile; }
    // Events of a stream, or nothing.
    std::string of_events(std::string events);
    void of_response(const std::string& target, net::ClientResponse& response);
    bool withholds();

private:
    bool does(Fault fault);
    std::string altered(std::string bytes);
    static std::string mixed(std::string bytes);

    Machine& machine_;
    bool is_hostile_ = false;
    std::deque<std::string> passed_;  // the last events
    std::string held_back_;
    std::map<std::string, std::string> bodies_;  // by target
};

class RelayServer final : public Server {
public:
    // One process: its requests end with `tasks`.
    RelayServer(Network& network, net::TaskGroup& tasks, relay::serve::WorkerDeps& services, Hostility& hostility);
    ~RelayServer() override;

    void answer(net::ClientRequest request, PendingResponse to) override;
    void open(net::ClientRequest request, PendingStream to) override;

private:
    boost::asio::awaitable<void> run_request(net::ClientRequest request, PendingResponse to);
    boost::asio::awaitable<void> run_stream(net::ClientRequest request, PendingStream to);

    Network& network_;
    net::TaskGroup& tasks_;
    Hostility& hostility_;
    net::Router router_;
};

}  // namespace fanion::test
