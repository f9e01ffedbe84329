#include "control-plane/app/database_start.hpp"

#include <algorithm>

#include "common/base/file.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/publish/trust_chain.hpp"

namespace fanion::cp::app {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{2'000};
// Less than a caller waits for a connection: whoever waits behind others that wait for a lock still gets one.
constexpr std::chrono::milliseconds lock_timeout{2'000};

// What a thread has of --pool-size.
struct Shares {
    std::size_t edits = 1;
    std::size_t others = 1;
    std::size_t relays = 1;
};

// Of what four do not divide, other requests get one before edits do, and relays none.
Shares shares_of_a_thread(const Config& config) {
    const auto all = config.pool_size / serving_threads(config);
    Shares shares;
    shares.others = std::max<std::size_t>(1, (all + 2) / 4);
    shares.relays = std::max<std::size_t>(1, all / 4);
    const auto rest = shares.others + shares.relays;
    if (all > rest) shares.edits = all - rest;
    return shares;
}

awaitable<Result<>> prepare_schema(asio::any_io_executor executor, std::string conninfo, bool migrate, const Log& log) {
    auto settings = owner_connection(conninfo);
    const auto connection = co_await db::Connection::open(executor, std::move(settings));
    if (migrate) {
        const auto migrated = co_await db::migrate(*connection, log);
        if (!migrated) co_return migrated.error();
    }
    const auto status = co_await db::check_schema(*connection);
    if (!db::is_usable(status.state)) {
        Error error{Errc::unavailable, status.detail};
        co_return error;
    }
    if (status.state == db::SchemaState::newer)
        log.warn("schema_newer", {{"version", status.present}, {"known", status.wanted}});
    co_return boost::system::in_place_value;
}

// The name that the operator's own trust document gives to a new installation; "" if there is none.
Result<std::string> given_iss(const Config& config) {
    if (config.trust.empty()) return std::string();
    const auto text = read_file(config.trust.string());
    if (!text) return text.error();
    const auto chain = publish::TrustChain::parse(*text);
    if (!chain) return Error{Errc::invalid_input, config.trust.string() + ": " + describe(chain.error())};
    return chain->iss();
}

awaitable<publish::Instance> open_instance(asio::any_io_executor executor, std::string conninfo, const Config& config,
                                           std::string iss, UnixMillis now, const Log& log) {
    telemetry::Registry registry;
    db::Metrics metrics(registry);
    db::Pool pool(executor, app_pool(conninfo, config, 1), metrics, log);
    co_return co_await publish::open_instance(pool, now, std::move(iss));
}

// True if no server answers, or it is starting or full. Anything else (password, no such database) needs a person.
bool is_transient(const db::PgError& error) {
    const std::string_view text = error.what();
    const bool is_final = text.find("authentication failed") != text.npos || text.find("does not exist") != text.npos ||
                          text.find("no pg_hba.conf entry") != text.npos || text.find("invalid") != text.npos;
    return error.is_unavailable() && !is_final;
}

}  // namespace

db::ConnectionConfig owner_connection(const std::string& conninfo) {
    db::ConnectionConfig settings;
    settings.conninfo = conninfo;
    settings.role = "";
    settings.statement_timeout = std::chrono::minutes(30);
    return settings;
}

db::ConnectionConfig app_connection(const std::string& conninfo, const Config& config) {
    db::ConnectionConfig settings;
    settings.conninfo = conninfo;
    settings.statement_timeout = config.statement_timeout;
    settings.lock_timeout = std::min(lock_timeout, config.statement_timeout);
    return settings;
}

db::PoolConfig app_pool(const std::string& conninfo, const Config& config, std::size_t size) {
    db::PoolConfig settings;
    settings.connection = app_connection(conninfo, config);
    settings.size = size;
    return settings;
}

db::PoolConfig admin_pool(const std::string& conninfo, const Config& config) {
    const auto shares = shares_of_a_thread(config);
    auto settings = app_pool(conninfo, config, shares.edits);
    settings.apart = shares.others;
    return settings;
}

db::PoolConfig relay_pool(const std::string& conninfo, const Config& config) {
    return app_pool(conninfo, config, shares_of_a_thread(config).relays);
}

std::size_t pool_connections(const Config& config) {
    const auto shares = shares_of_a_thread(config);
    return serving_threads(config) * (shares.edits + shares.others + shares.relays);
}

awaitable<Result<publish::Instance>> open_database(asio::any_io_executor executor, std::string conninfo,
                                                   const Config& config, const Clock& clock, const Log& log,
                                                   std::optional<std::chrono::milliseconds> patience) {
    const auto iss = given_iss(config);
    if (!iss) co_return iss.error();
    const auto began = std::chrono::steady_clock::now();
    auto pause = first_pause;
    for (int attempt = 1;; ++attempt) {
        try {
            const auto schema = co_await prepare_schema(executor, conninfo, config.migrate, log);
            if (!schema) co_return schema.error();
            auto instance = co_await open_instance(executor, conninfo, config, *iss, clock.now(), log);
            if (attempt > 1) log.info("database_reached", {{"attempts", attempt}});
            co_return instance;
        } catch (const db::PgError& error) {
            if (!is_transient(error)) {
                co_return Error{Errc::unavailable,
                                std::string("the database rejected the connection: ") + error.what()};
            }
            if (patience && std::chrono::steady_clock::now() - began + pause > *patience)
                co_return Error{Errc::unavailable, std::string("the database does not answer: ") + error.what()};
            if (attempt == 1 || attempt % 10 == 0) {
                log.warn("database_down", {{"attempts", attempt}, {"detail", error.what()}, {"action", "retrying"}});
            }
        }
        co_await net::sleep_for(pause);
        pause = std::min(pause * 2, longest_pause);
    }
}

}  // namespace fanion::cp::app
