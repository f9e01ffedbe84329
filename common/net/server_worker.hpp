#pragma once

// One server's share of one worker thread: its acceptor's connections, its routes and hook, its
// counters, and the coarse clock that enforces deadlines. Runs on that worker's thread; any thread
// may read the counters and flags.
//
// Each worker has an equal share of the limit of connections. There a new one takes the place of
// the one that has waited longest for its peer without ever having had a caller with a right
// credential; if there is none, the new one is closed. So whoever opens connections and leaves them
// pushes out his own. The same holds for each address, whose bound is lower: there the place is one
// of the address. Unix sockets and trusted proxies have no such bound.
//
// 1. A connection is in `connections_` from its start until it is closed, and on no other thread.
// 2. Deadlines are counted in ticks of one timer, so that a request sets no timer of its own. The
//    timer runs while there are connections.

#include <atomic>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <mutex>

#include "common/net/bounds.hpp"
#include "common/net/client_addresses.hpp"
#include "common/net/server.hpp"
#include "common/net/tls_session.hpp"
#include "common/telemetry/metrics.hpp"

namespace fanion::net {

class Connection;
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor>;  // TCP or Unix
struct WaitingTag;
using ConnectionHook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
using WaitingHook = boost::intrusive::list_base_hook<boost::intrusive::tag<WaitingTag>,
                                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// Written by one worker, read by any thread.
struct alignas(64) ServerCounters {
    telemetry::Counter requests[5];  // by class of status, 1xx to 5xx
    telemetry::Counter accepted;
    telemetry::Counter rejected;  // past the limit
    telemetry::Counter evicted;   // to make room for others
    telemetry::Counter bounds_met[bound_count];
    telemetry::Counter handler_exceptions;
    telemetry::Counter handshakes;  // of TLS, complete
    telemetry::Counter handshakes_failed[handshake_faults];
};

// What a server's workers share.
struct ServerShared {
    ServerShared(ServerConfig c, const Log& l, unsigned workers) : config(std::move(c)), log(l) {
        for (unsigned i = 0; i < workers; ++i) counters.push_back(std::make_unique<ServerCounters>());
    }

    // Something that Server::join() waits for ended, on any thread. The last one wakes who waits
    // there.
    void on_ended(std::atomic<std::size_t>& count) noexcept {
        --count;
        if (--unfinished > 0) return;
        try {
            const std::lock_guard lock(waiter_mutex);
            if (waiter) boost::asio::post(waiter->get_executor(), [timer = waiter] { timer->cancel(); });
        } catch (const std::exception&) {  // no memory: join() looks again at its deadline
        }
    }
    void on_begun(std::atomic<std::size_t>& count) noexcept {
        ++unfinished;
        ++count;
    }

    void set_waiter(std::shared_ptr<boost::asio::steady_timer> timer) noexcept {
        const std::lock_guard lock(waiter_mutex);
        waiter = std::move(timer);
    }

    const ServerConfig config;
    const Log log;
    std::vector<std::unique_ptr<ServerCounters>> counters;  // by worker
    std::atomic<double> certificate_expires_at{0};          // seconds since 1970; infinite without TLS
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> handlers{0};    // that wait, also those whose connection is closed
    std::atomic<std::size_t> stops{0};       // acceptors that were told to stop and have not yet
    std::atomic<std::size_t> unfinished{0};  // the sum of the three; never 0 before all are
    std::mutex waiter_mutex;
    std::shared_ptr<boost::asio::steady_timer> waiter;  // of Server::join(), used on its coroutine's executor
};

class ServerWorker : public std::enable_shared_from_this<ServerWorker> {
public:
    ServerWorker(boost::asio::io_context& context, std::shared_ptr<ServerShared> shared, unsigned index, Router router,
                 ResponseHook hook);
    ~ServerWorker();

    // Serves an accepted socket, or closes it when there are too many connections. `peer`: the
    // address of the other side.
    void take(Socket socket, std::string peer);
    // For connections from now on.
    void set_tls(ServerTlsPtr tls) noexcept { tls_ = std::move(tls); }
    void drain();
    void cut();
    // Closes the connection that has waited longest, if there is one that may be closed.
    bool make_room();

    // For connections.
    const Router& router() const noexcept { return router_; }
    const ResponseHook& hook() const noexcept { return hook_; }
    const ServerLimits& limits() const noexcept { return shared_->config.limits; }
    const TrustedProxies& trusted_proxies() const noexcept { return shared_->config.trusted_proxies; }
    const ServerTlsPtr& tls() const noexcept { return tls_; }  // null: without
    const Log& log() const noexcept { return shared_->log; }
    const std::string& server_name() const noexcept { return shared_->config.name; }
    std::string_view date() const noexcept { return date_; }
    bool is_draining() const noexcept { return draining_; }
    std::uint64_t now() const noexcept { return tick_; }
    std::uint64_t ticks(std::chrono::milliseconds duration) const noexcept;  // rounded up
    void on_waiting(Connection& connection);  // for its peer's next request, and no caller of it is known
    void on_not_waiting(Connection& connection) noexcept;
    void on_end(Connection& connection) noexcept;
    void count(Bound bound) noexcept { counters.bounds_met[static_cast<std::size_t>(bound)].add(); }
    ByteBudget& bodies() noexcept { return bodies_; }
    void on_handler_started() noexcept { shared_->on_begun(shared_->handlers); }
    void on_handler_ended() noexcept { shared_->on_ended(shared_->handlers); }

    ServerCounters& counters;

private:
    void on_connection_closed() noexcept {
        --open_;
        shared_->on_ended(shared_->connections);
    }
    bool admit(ClientAddresses::Entry* address);
    void evict(Connection& connection);
    void start_ticking();
    void on_tick();
    void refresh_date();

    const std::shared_ptr<ServerShared> shared_;
    const Router router_;
    const ResponseHook hook_;
    ServerTlsPtr tls_;
    const std::chrono::milliseconds tick_length_;
    // Its share of the limit: nobody else could make room for what the kernel hands to it.
    const std::size_t most_open_;
    const std::size_t most_waiting_per_address_;
    std::size_t open_ = 0;
    ByteBudget bodies_;
    ClientAddresses addresses_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      Executor>
        timer_;
    boost::intrusive::list<Connection, boost::intrusive::base_hook<ConnectionHook>,
                           boost::intrusive::constant_time_size<false>>
        connections_;
    // Of these, those that make_room() may close, the longest waiting first.
    boost::intrusive::list<Connection, boost::intrusive::base_hook<WaitingHook>,
                           boost::intrusive::constant_time_size<false>>
        waiting_;
    std::string date_;
    std::int64_t date_second_ = 0;
    std::uint64_t tick_ = 1;
    bool ticking_ = false;
    bool draining_ = false;
};

}  // namespace fanion::net
