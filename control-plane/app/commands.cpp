#include "control-plane/app/commands.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <iostream>
#include <memory>

#include "control-plane/app/bootstrap.hpp"
#include "control-plane/app/database.hpp"
#include "control-plane/app/database_start.hpp"
#include "control-plane/app/keys.hpp"
#include "control-plane/app/make_owner.hpp"
#include "control-plane/app/password_reset.hpp"
#include "control-plane/app/second_factor_removal.hpp"
#include "control-plane/app/secrets_rewrap.hpp"
#include "control-plane/app/set_quota.hpp"

namespace fanion::cp::app {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

// A command that a person waits for ends; the service retries for ever.
constexpr std::chrono::seconds patience{30};

int fail(const Error& error) {
    std::cerr << describe(error) << "\n";
    return 1;
}

awaitable<int> migrate(asio::any_io_executor executor, std::string conninfo, bool only_check, const Log& log) {
    auto settings = owner_connection(conninfo);
    const auto connection = co_await db::Connection::open(executor, std::move(settings));
    if (!only_check) {
        const auto applied = co_await db::migrate(*connection, log);
        if (!applied) co_return fail(applied.error());
        std::cout << *applied << " migrations applied\n";
    }
    const auto status = co_await db::check_schema(*connection);
    const bool is_good = db::is_usable(status.state);
    const auto current = "the schema is current, version " + std::to_string(status.present);
    (is_good ? std::cout : std::cerr) << (status.detail.empty() ? current : status.detail) << "\n";
    co_return is_good ? 0 : 1;
}

// What a command needs to work on the database as the programs do.
struct Workplace {
    Workplace(const asio::any_io_executor& executor, const std::string& conninfo, const Config& config, const Log& log)
        : metrics(registry), pool(executor, app_pool(conninfo, config, 1), metrics, log) {}
    telemetry::Registry registry;
    db::Metrics metrics;
    db::Pool pool;
};

// Errors: those of open_database().
awaitable<Result<std::unique_ptr<Workplace>>> open_workplace(asio::any_io_executor executor, std::string conninfo,
                                                             const Config& config, const Clock& clock, const Log& log) {
    const auto instance = co_await open_database(executor, conninfo, config, clock, log, patience);
    if (!instance) co_return instance.error();
    co_return std::make_unique<Workplace>(executor, conninfo, config, log);
}

awaitable<int> bootstrap(asio::any_io_executor executor, std::string conninfo, const Config& config, const Log& log) {
    const SystemClock clock;
    const auto workplace = co_await open_workplace(std::move(executor), std::move(conninfo), config, clock, log);
    if (!workplace) co_return fail(workplace.error());
    BootstrapRequest request{config.email, config.org, config.org_name};
    const auto token = co_await bootstrap((*workplace)->pool, std::move(request), clock.now());
    if (!token) co_return fail(token.error());
    std::cout << "Setup token of " << config.email << ", owner of " << config.org
              << " (valid once, for 24 hours): " << *token
              << "\nUse it to set a password: POST /api/v1/auth/setup {\"token\":\"..\",\"password\":\"..\"}\n";
    co_return 0;
}

awaitable<int> reset_password(asio::any_io_executor executor, std::string conninfo, const Config& config,
                              const Log& log) {
    const SystemClock clock;
    const auto workplace = co_await open_workplace(std::move(executor), std::move(conninfo), config, clock, log);
    if (!workplace) co_return fail(workplace.error());
    const auto token = co_await make_password_reset((*workplace)->pool, config.email, clock.now());
    if (!token) co_return fail(token.error());
    std::cout << "Reset token of " << config.email << " (valid once, for 24 hours): " << *token
              << "\nUse it to set a new password: fanion login --email " << config.email << " --reset-token TOKEN\n";
    co_return 0;
}

awaitable<int> make_owner(asio::any_io_executor executor, std::string conninfo, const Config& config, const Log& log) {
    const SystemClock clock;
    const auto workplace = co_await open_workplace(std::move(executor), std::move(conninfo), config, clock, log);
    if (!workplace) co_return fail(workplace.error());
    const auto made = co_await promote_to_owner((*workplace)->pool, config.email, config.org, clock.now());
    if (!made) co_return fail(made.error());
    if (made->empty()) {
        std::cout << config.email << " is an owner of " << config.org << "\n";
        co_return 0;
    }
    std::cout << "Setup token of " << config.email << ", owner of " << config.org
              << " (valid once, for 24 hours): " << *made << "\nUse it: fanion login --email " << config.email
              << " --setup-token TOKEN\n";
    co_return 0;
}

awaitable<int> set_quota(asio::any_io_executor executor, std::string conninfo, const Config& config, const Log& log) {
    const SystemClock clock;
    const auto workplace = co_await open_workplace(std::move(executor), std::move(conninfo), config, clock, log);
    if (!workplace) co_return fail(workplace.error());
    const auto own = co_await set_own_quotas((*workplace)->pool, config.org, config.limits, clock.now());
    if (!own) co_return fail(own.error());
    std::cout << "quotas of " << config.org << " that are not the installation's: " << quotas::to_json(*own) << "\n";
    co_return 0;
}

awaitable<int> remove_factor(asio::any_io_executor executor, std::string conninfo, const Config& config,
                             const Log& log) {
    const SystemClock clock;
    const auto workplace = co_await open_workplace(std::move(executor), std::move(conninfo), config, clock, log);
    if (!workplace) co_return fail(workplace.error());
    const auto removed = co_await remove_second_factor((*workplace)->pool, config.email, clock.now());
    if (!removed) co_return fail(removed.error());
    std::cout << config.email << " has no second factor any more\n";
    co_return 0;
}

awaitable<int> rewrap(asio::any_io_executor executor, std::string conninfo, const Config& config,
                      const SealingKeys& keys, const Log& log) {
    const SystemClock clock;
    const auto workplace = co_await open_workplace(std::move(executor), std::move(conninfo), config, clock, log);
    if (!workplace) co_return fail(workplace.error());
    const bool is_done = co_await rewrap_secrets((*workplace)->pool, keys, config.check, std::cout, log);
    co_return is_done ? 0 : 1;
}

// Runs `make_command(executor, conninfo)` on the calling thread while the database runs.
template <class MakeCommand>
int run_with_database(const Config& config, const Log& log, MakeCommand make_command) {
    auto database = Database::open(config, log);
    if (!database) return fail(database.error());
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

int run_make_owner(const Config& config, const Log& log) {
    return run_with_database(config, log, [&](asio::any_io_executor executor, const std::string& conninfo) {
        return make_owner(std::move(executor), conninfo, config, log);
    });
}

int run_set_quota(const Config& config, const Log& log) {
    return run_with_database(config, log, [&](asio::any_io_executor executor, const std::string& conninfo) {
        return set_quota(std::move(executor), conninfo, config, log);
    });
}

int run_remove_second_factor(const Config& config, const Log& log) {
    return run_with_database(config, log, [&](asio::any_io_executor executor, const std::string& conninfo) {
        return remove_factor(std::move(executor), conninfo, config, log);
    });
}

int run_rewrap(const Config& config, const Log& log) {
    const auto keys = find_sealing_keys(config);
    if (!keys) return fail(keys.error());
    return run_with_database(config, log, [&](asio::any_io_executor executor, const std::string& conninfo) {
        return rewrap(std::move(executor), conninfo, config, *keys, log);
    });
}

}  // namespace fanion::cp::app
