#pragma once

// `serve`: the order in which the control plane starts and ends. The main thread waits; one I/O thread serves.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

#include "common/net/server.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/database.hpp"
#include "control-plane/app/health.hpp"
#include "control-plane/app/serving.hpp"

namespace fanion::app {

class App {
public:
    App(const Config& config, const Log& log);
    ~App();
    App(const App&) = delete;

    // Until SIGTERM or SIGINT: 0. When it cannot start: 1, and the log says why.
    int run();

private:
    bool start();
    bool open_operators_port();
    bool open_public_port();
    std::optional<store::Instance> reach_database();
    bool start_serving(store::Instance instance);
    void wait_for_signal();
    void stop();

    bool refuse(const char* what, const Error& error);
    void on_io_thread(std::function<void()> work);  // and waits for its end
    bool await_no_connections(std::chrono::milliseconds limit);
    bool drain();
    bool end_tasks();
    net::ResponseHook make_hook() const;

    const Config& config_;
    const Log& log_;
    SystemClock clock_;
    telemetry::Registry registry_;
    Health health_;
    boost::asio::io_context main_;  // signals, and the wait for the database
    int signal_ = 0;
    net::BlockingPool blocking_;
    std::optional<Database> database_;
    net::Workers workers_;
    bool workers_run_ = false;
    std::unique_ptr<Serving> serving_;
    std::unique_ptr<net::Server> operators_;
    std::unique_ptr<net::Server> public_;
};

}  // namespace fanion::app
