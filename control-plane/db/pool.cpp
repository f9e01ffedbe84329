#include "control-plane/db/pool.hpp"

#include <cctype>
#include <stdexcept>

#include "control-plane/db/pool_state.hpp"

namespace fanion::cp::db {

namespace asio = boost::asio;
using asio::awaitable;
using Kind = PgError::Kind;

namespace {

constexpr Statement ping_statement{"ping", "SELECT 1"};

// Ids are our own; anything else is a bug, not to be quoted away.
std::string scope_script(const Scope& scope) {
    for (const char c : scope.org_id()) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_')
            throw std::logic_error("malformed organisation id");
    }
    return "SELECT set_config('fanion.org_id', '" + scope.org_id() + "', true)";
}

// BEGIN and the tenant in one round trip.
std::string begin_script(const Scope& scope, Mode mode) {
    std::string script = mode == Mode::snapshot ? "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" : "BEGIN";
    if (scope.org_id().empty()) return script;
    return script + "; " + scope_script(scope);
}

}  // namespace

awaitable<Rows> measured(Metrics& metrics, std::string_view name, awaitable<Rows> operation) {
    auto& counted = metrics.of(name);
    const auto start = std::chrono::steady_clock::now();
    counted.runs.add();
    try {
        auto rows = co_await std::move(operation);
        counted.nanoseconds += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start).count());
        co_return rows;
    } catch (...) {
        counted.nanoseconds += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start).count());
        counted.errors.add();
        throw;
    }
}

Pool::Pool(asio::any_io_executor executor, PoolConfig config, Metrics& metrics, const Log& log)
    : state_(std::make_shared<PoolState>(std::move(executor), std::move(config), metrics, log)) {}

Pool::~Pool() { close(); }

void Pool::close() {
    state_->closed = true;
    while (!state_->idle.empty()) {
        auto connection = std::move(state_->idle.back());
        state_->idle.pop_back();
        state_->discard(std::move(connection));
    }
}

awaitable<Transaction> Pool::begin(Scope scope, Mode mode) {
    const auto state = state_;
    const auto script = begin_script(scope, mode);
    const auto deadline = std::chrono::steady_clock::now() + state->config.acquire_timeout;
    for (;;) {
        auto acquired = co_await state->acquire(deadline);
        auto connection = std::make_unique<PooledConnection>(state, std::move(acquired));
        try {
            auto operation = connection->connection->run_script(script);
            co_await measured(state->metrics, "begin", std::move(operation));
            co_return Transaction(std::move(connection));
        } catch (const PgError& error) {
            // It died while it lay idle; nothing was done on it yet, so another one may serve.
            const bool again = error.kind() == Kind::connection_lost && std::chrono::steady_clock::now() < deadline;
            if (!again) throw;
        }
    }
}

awaitable<Rows> Pool::run_once_with(Scope scope, const Statement& statement, Params params) {
    auto transaction = co_await begin(std::move(scope));
    auto rows = co_await transaction.run_with(statement, std::move(params));
    co_await transaction.commit();
    co_return rows;
}

awaitable<void> Pool::ping() {
    auto scope = Scope::none();
    co_await run_once(std::move(scope), ping_statement);
}

Transaction::Transaction(std::unique_ptr<PooledConnection> connection) : connection_(std::move(connection)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

awaitable<Rows> Transaction::run_with(const Statement& statement, Params params) {
    if (!connection_) throw std::logic_error("a transaction is used after its end");
    auto operation = connection_->connection->run(statement, std::move(params));
    return measured(connection_->pool->metrics, statement.name, std::move(operation));
}

awaitable<void> Transaction::enter(Scope scope) {
    if (!connection_) throw std::logic_error("a transaction is used after its end");
    auto operation = connection_->connection->run_script(scope_script(scope));
    co_await measured(connection_->pool->metrics, "enter_scope", std::move(operation));
}

awaitable<void> Transaction::commit() {
    if (!connection_) throw std::logic_error("a transaction is used after its end");
    if (connection_->connection->is_refusing())
        throw PgError(Kind::refused, "the transaction has failed before", "25P02");
    auto operation = connection_->connection->run_script("COMMIT");
    co_await measured(connection_->pool->metrics, "commit", std::move(operation));
    connection_.reset();
}

}  // namespace fanion::cp::db
