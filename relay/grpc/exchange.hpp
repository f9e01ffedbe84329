#pragma once

// One call, on the worker thread that serves it. Admission, rates, counting and evaluation are
// those of the HTTP port (relay/serve); only the form of requests and responses is flagd's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <memory>
#include <string>

#include "common/net/blocking_pool.hpp"
#include "common/net/request.hpp"
#include "relay/grpc/announcements.hpp"
#include "relay/grpc/flag_sets.hpp"
#include "relay/grpc/messages.hpp"
#include "relay/grpc/module/interface.hpp"
#include "relay/serve/admission.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::grpc {

// What the calls of one worker thread share. `services` outlives it.
struct Worker {
    Worker(serve::WorkerDeps& deps, boost::asio::any_io_executor e) : services(deps), executor(std::move(e)) {}

    serve::WorkerDeps& services;
    const boost::asio::any_io_executor executor;  // of the worker's thread
    json::Document values;                        // the value of the flag in hand
    std::string context;                          // the JSON of the context in hand; keeps its capacity
};

// What all calls share. Thread-safe.
struct Shared {
    net::BlockingPool& pool;
    FlagSets flag_sets;
    const std::string key;  // of calls without a credential; empty: they have none
    const Log& log;
    Announcements announcements = {};
};

// start(), on_written() and on_cancelled() may be called by any thread; the rest happens on the
// worker's. The call is finished exactly once after start(), whatever happens.
class WorkerExchange final : public Exchange, public std::enable_shared_from_this<WorkerExchange> {
public:
    // `worker` and `shared` outlive this.
    WorkerExchange(std::shared_ptr<Call> call, Incoming incoming, Worker& worker, Shared& shared);

    void start() override;
    void on_written(bool is_sent) override;
    void on_cancelled() override;

private:
    using StatusAwaitable = boost::asio::awaitable<Status>;

    void run();
    Status answer_at_once();
    Status answer();
    Status failed(const std::exception_ptr& failure) const;
    Status resolve(Rpc rpc);
    Status resolve_all();
    Status refuse_missing_value(const serve::Caller& caller, const eval::Evaluation& evaluation);
    Status read_context(std::string_view bytes, json::Value& context);

    StatusAwaitable run_waiting();
    StatusAwaitable run_events();
    StatusAwaitable run_sync();
    StatusAwaitable fetch_flags();
    StatusAwaitable end_with_spread();
    boost::asio::awaitable<std::shared_ptr<const std::string>> flags_of(cache::EnvironmentStatePtr state);
    boost::asio::awaitable<std::shared_ptr<const std::string>> announcement(cache::EnvironmentStatePtr before,
                                                                            cache::EnvironmentStatePtr after,
                                                                            model::AccessEntry::Kind kind);
    boost::asio::awaitable<void> release(cache::EnvironmentStatePtr state);
    boost::asio::awaitable<bool> send(std::string message);

    serve::Admission admit(serve::Credential credential);
    Status ended(serve::ServeRoute route, const serve::Admission& admission);
    Status ended(serve::ServeRoute route, serve::Outcome outcome, std::string_view text);
    cache::EnvironmentStatePtr state_of(std::string_view env_id);
    void finish(Status status);

    std::shared_ptr<Call> call_;
    const Incoming incoming_;
    Worker& worker_;
    Shared& shared_;
    net::Request request_;  // the credential, as admission reads it
    boost::asio::cancellation_signal cancellation_;
    bool is_cancelled_ = false;
    boost::asio::steady_timer taken_timer_;  // until the client's side has taken a message
    bool is_taken_ = false;
};

}  // namespace fanion::relay::grpc
