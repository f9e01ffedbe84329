#pragma once

// A scripted control plane: the relay endpoints on a real socket, with a thread of their own.
// Thread-safe.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/net/server.hpp"
#include "common/net/sse_stream.hpp"
#include "common/wire/sse_format.hpp"

namespace fanion::test {

class FakeControlPlane {
public:
    explicit FakeControlPlane(std::uint16_t port = 0);
    ~FakeControlPlane();

    std::string url() const;
    std::uint16_t port() const { return server_->port(); }

    // Sends events on all streams that are open now.
    void push(wire::StreamEvent event, const std::string& env_id, wire::Version version, const std::string& document);
    void push_raw(std::string bytes);
    // Events with which every later stream begins.
    void set_greeting(std::string bytes);
    void end_streams();
    void mute_streams() { muted_ = true; }  // later streams end without a byte

    void set_ruleset(const std::string& env_id, std::string document);  // for GET /relay/v1/rulesets/{env_id}
    void set_heads(std::string events);  // for GET /relay/v1/heads, which otherwise answers 404
    void refuse_with(unsigned status);   // for all requests; 0 ends the refusals

    unsigned streams_opened() const { return streams_opened_; }
    unsigned streams_open() const { return streams_open_; }
    std::string last_have() const;
    std::string last_key() const;
    std::string last_status() const;  // body of the newest status report
    unsigned statuses_with(const std::string& part) const;
    unsigned fetches() const { return fetches_; }
    unsigned heads_asked() const { return heads_asked_; }

private:
    boost::asio::awaitable<net::Response> handle_stream(net::Request& request, net::SseStream& stream);
    boost::asio::awaitable<void> feed(net::SseStream& stream);
    void handle_heads(net::Request& request, net::Response& response);
    void handle_ruleset(net::Request& request, net::Response& response);
    bool is_refused(net::Request& request, net::Response& response);
    net::Router make_router();

    Log log_{2, LogLevel::error};
    mutable std::mutex mutex_;
    std::vector<net::SharedBytes> pushed_;
    std::string greeting_, heads_, have_, key_;
    std::vector<std::string> statuses_;
    std::map<std::string, std::string> rulesets_;
    unsigned generation_ = 0;  // streams of an older generation end
    std::atomic<bool> muted_{false};
    std::atomic<unsigned> refusal_{0}, streams_opened_{0}, streams_open_{0}, fetches_{0}, heads_asked_{0};
    net::Workers workers_{1};
    std::unique_ptr<net::Server> server_;
};

}  // namespace fanion::test
