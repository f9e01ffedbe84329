#include "control-plane/app/commands.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

#include "control-plane/app/bootstrap.hpp"
#include "control-plane/app/database.hpp"
#include "control-plane/app/database_start.hpp"
#include "control-plane/app/password_reset.hpp"

namespace fanion::cp::app {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

awaitable<int> migrate(asio::any_io_executor executor, std::string conninfo, bool only_check, const Log& log) {
    auto settings = owner_connection(conninfo);
    const auto connection = co_await db::Connection::open(executor, std::move(settings));
    if (!only_check) {
        const auto applied = co_await db::migrate(*connection, log);
        if (!applied) {
            std::cerr << applied.error().detail << "\n";
            co_return 1;
        }
        std::cout << *applied << " migrations applied\n";
    }
    const auto status = co_await db::check_schema(*connection);
    const bool is_current = status.state == db::SchemaState::current;
    (is_current ? std::cout : std::cerr) << (is_current
                                                 ? "the schema is current, version " + std::to_string(status.present)
                                                 : status.detail)
                                         << "\n";
    co_return is_current ? 0 : 1;
}

awaitable<int> bootstrap(asio::any_io_executor executor, std::string conninfo, const Config& config, const Log& log) {
    const SystemClock clock;
    const auto instance = co_await open_database(executor, conninfo, config, clock, log);
    if (!instance) {
        std::cerr << instance.error().detail << "\n";
        co_return 1;
    }
    telemetry::Registry registry;
    db::Metrics metrics(registry);
    db::Pool pool(executor, app_pool(conninfo, config, 1), metrics, log);
    BootstrapRequest request{config.email, config.org, config.org_name};
    const auto token = co_await bootstrap(pool, std::move(request), clock.now());
    if (!token) {
        std::cerr << describe(token.error()) << "\n";
        co_return 1;
    }
    std::cout << "Setup token of " << config.email << ", owner of " << config.org
              << " (valid once, for 24 hours): " << *token
              << "\nUse it to set a password: POST /api/v1/auth/setup {\"token\":\"..\",\"password\":\"..\"}\n";
    co_return 0;
}

awaitable<int> reset_password(asio::any_io_executor executor, std::string conninfo, const Config& config,
                              const Log& log) {
    const SystemClock clock;
    const auto instance = co_await open_database(executor, conninfo, config, clock, log);
    if (!instance) {
        std::cerr << instance.error().detail << "\n";
        co_return 1;
    }
    telemetry::Registry registry;
    db::Metrics metrics(registry);
    db::Pool pool(executor, app_pool(conninfo, config, 1), metrics, log);
    const auto token = co_await make_password_reset(pool, config.email, clock.now());
    if (!token) {
        std::cerr << describe(token.error()) << "\n";
        co_return 1;
    }
    std::cout << "Reset token of " << config.email << " (valid once, for 24 hours): " << *token
              << "\nUse it to set a new password: fanion login --email " << config.email << " --reset-token TOKEN\n";
    co_return 0;
}

// Runs `make_command(executor, conninfo)` on the calling thread while the database runs.
template <class MakeCommand>
int run_with_database(const Config& config, const Log& log, MakeCommand make_command) {
    auto database = Database::open(config, log);
    if (!database) {
        std::cerr << database.error().detail << "\n";
        return 1;
    }
    int status = 1;
    {
        asio::io_context context;
        auto command = make_command(context.get_executor(), database->conninfo());
        asio::co_spawn(context, std::move(command), [&status](std::exception_ptr error, int result) {
            status = error ? 1 : result;
            try {
                if (error) std::rethrow_exception(error);
            } catch (const std::exception& thrown) {
                std::cerr << thrown.what() << "\n";
            }
        });
        context.run();
    }
    database->close();
    return status;
}

}  // namespace

int run_migrate(const Config& config, const Log& log) {
    return run_with_database(config, log, [&](asio::any_io_executor executor, const std::string& conninfo) {
        return migrate(std::move(executor), conninfo, config.check, log);
    });
}

int run_bootstrap(const Config& config, const Log& log) {
    return run_with_database(config, log, [&](asio::any_io_executor executor, const std::string& conninfo) {
        return bootstrap(std::move(executor), conninfo, config, log);
    });
}

int run_reset_password(const Config& config, const Log& log) {
    return run_with_database(config, log, [&](asio::any_io_executor executor, const std::string& conninfo) {
        return reset_password(std::move(executor), conninfo, config, log);
    });
}

}  // namespace fanion::cp::app
