#pragma once

// Requests to the admin API from within this process, by threads that are not its I/O thread: the
// router's handlers run there, as for a request that came over HTTP.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "common/base/log.hpp"
#include "common/net/forwarded.hpp"
#include "common/net/router.hpp"
#include "common/net/server.hpp"
#include "control-plane/grpc/translation.hpp"

namespace fanion::cp::grpc {

// What requests share. Belongs to the I/O thread; outlives all exchanges.
struct Port {
    boost::asio::any_io_executor executor;  // of the I/O thread
    net::Router router;
    net::ResponseHook hook;
    net::TrustedProxies trusted_proxies;
    const Log& log;
};

// The status of the response to a request that was cancelled, which nobody gets.
inline constexpr unsigned cancelled_status = 499;

// Who waits for the response. Its functions are called on the I/O thread and must not block it.
class Receiver {
public:
    virtual ~Receiver() = default;
    // One event of a route that streams, as {"<its name>": <its data>}. The next one follows
    // Exchange::on_taken().
    virtual void on_event(std::string json) = 0;
    // Once, as the last call. Of a stream that began, an empty response with status 200.
    virtual void on_response(net::Response response, std::string_view request_id) = 0;
};

// One request. start() once and cancel() at any time, both from any thread.
//
// 1. The receiver gets its response exactly once after start(), also when it was cancelled, the
//    handler threw or there is no such route.
// 2. Cancelling ends the handler's present wait: what it has not committed is rolled back.
class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    Exchange(Port& port, RestRequest request) : port_(port), rest_(std::move(request)), taken_timer_(port.executor) {}

    void start(std::shared_ptr<Receiver> receiver);
    void cancel();
    // From any thread: the event was sent, or the client is gone.
    void on_taken(bool is_sent);

private:
    class Events;

    void prepare();
    void run();
    static boost::asio::awaitable<void> run_handler(std::shared_ptr<Exchange> self, const net::Route& route);
    boost::asio::awaitable<Result<>> deliver(std::string_view event);
    void on_handler_done(const std::exception_ptr& failure);
    void finish();

    Port& port_;
    RestRequest rest_;
    std::shared_ptr<Receiver> receiver_;
    net::Request request_;
    net::Response response_;
    std::string_view pattern_;
    boost::asio::cancellation_signal cancellation_;
    bool is_cancelled_ = false;
    boost::asio::steady_timer taken_timer_;  // until the receiver has taken an event
    bool is_taken_ = false;
};

}  // namespace fanion::cp::grpc
