#pragma once

// `serve`: the order in which the control plane starts and ends. The main thread waits, and rereads at SIGHUP; one I/O thread
// serves.

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "common/config/reload.hpp"
#include "common/net/server.hpp"
#include "common/net/signals.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/database.hpp"
#include "control-plane/app/health.hpp"
#include "control-plane/app/services.hpp"

namespace fanion::cp::app {

class App {
public:
    using LoadConfig = std::function<ParsedConfig()>;

    // `reread` gives the configuration anew, at SIGHUP.
    App(ParsedConfig parsed, LoadConfig reread, const Log& log);
    ~App();
    App(const App&) = delete;

    // Until SIGTERM or SIGINT: 0. When it cannot start: 1, and the log says why.
    int run();

private:
    bool start();
    bool open_operators_port();
    bool open_public_port();
    std::optional<publish::Instance> reach_database();
    bool start_serving(publish::Instance instance);
    void wait_for_signal();
    void stop();

    boost::asio::awaitable<void> run_reload();
    void reload();
    Result<> reload_keys(Config reread);

    bool refuse(const char* what, const Error& error);
    void on_io_thread(std::function<void()> work);  // and waits for its end
    bool await_no_connections(std::chrono::milliseconds limit);
    bool drain();
    bool end_tasks();
    net::ResponseHook make_hook() const;

    Config config_;
    LoadConfig load_config_;
    config::Reload reload_;
    const Log& log_;
    SystemClock clock_;
    telemetry::Registry registry_;
    Health health_;
    boost::asio::io_context main_;  // signals, and the wait for the database
    net::SignalWatch hangups_;
    int signal_ = 0;
    net::BlockingPool blocking_;
    std::optional<Database> database_;
    net::Workers workers_;
    bool workers_run_ = false;
    std::unique_ptr<Services> services_;
    std::unique_ptr<net::Server> operators_;
    std::unique_ptr<net::Server> public_;
};

}  // namespace fanion::cp::app
