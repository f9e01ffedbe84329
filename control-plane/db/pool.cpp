#include "control-plane/db/pool.hpp"

#include <cctype>
#include <stdexcept>
#include <utility>

#include "control-plane/db/pool_state.hpp"

namespace fanion::cp::db {

namespace asio = boost::asio;
using asio::awaitable;
using Kind = PgError::Kind;

namespace {

constexpr Statement ping_sql{"ping", "SELECT 1"};
constexpr Statement begin_sql{"begin", "BEGIN"};
constexpr Statement begin_snapshot_sql{"begin_snapshot", "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"};
constexpr Statement enter_scope_sql{"enter_scope", "SELECT set_config('fanion.org_id', $1, true)"};
constexpr Statement commit_sql{"commit", "COMMIT"};

// A statement that is in `flight` before `index`, too, is admitted and ends with the first.
bool is_repeated(const std::vector<Bound>& flight, std::size_t index) {
    const std::string_view name = flight[index].statement.name;
    for (std::size_t i = index; i > 0; --i)  // most often right before it
        if (flight[i - 1].statement.name == name) return true;
    return false;
}

PgError failed_before() { return PgError(Kind::refused, "a statement of the transaction has failed", "25P02"); }

}  // namespace

void PooledConnection::post(const Statement& statement, Params params) {
    posted.push_back({statement, std::move(params)});
}

// All or none of them.
bool PooledConnection::admit(const std::vector<Bound>& flight) {
    const auto now = Clock::now();
    for (std::size_t i = 0; i < flight.size(); ++i) {
        if (is_repeated(flight, i) || pool->lock_waits.admit(flight[i].statement.name, org_id, now)) continue;
        for (std::size_t k = 0; k < i; ++k) pool->lock_waits.withdraw(flight[k].statement.name, org_id);
        return false;
    }
    return true;
}

void PooledConnection::note_end(const std::vector<Bound>& flight, std::size_t failed, const PgError* error,
                                Clock::duration took) {
    const auto now = Clock::now();
    const bool has_waited = error != nullptr && error->is_lock_timeout();
    for (std::size_t i = 0; i < flight.size(); ++i) {
        const std::string_view name = flight[i].statement.name;
        auto& counted = pool->metrics.of(name);
        if (i <= failed) counted.runs.add();  // the server has skipped the others
        if (i == failed) counted.errors.add();
        if (i + 1 == flight.size()) counted.nanoseconds += static_cast<std::uint64_t>(took.count());
        if (is_repeated(flight, i)) continue;
        if (i > failed) {
            pool->lock_waits.withdraw(name, org_id);
        } else {
            pool->lock_waits.ended(name, org_id, has_waited && flight[failed].statement.name == name, now);
        }
    }
}

awaitable<Answers> PooledConnection::send(const std::vector<Bound>& flight, bool is_commit) {
    for (;;) {
        const auto deadline = std::exchange(replace_until, {});
        try {
            co_return co_await connection->run_all(flight);
        } catch (const PgError& error) {
            // Without a word of the server: most likely the connection was lost while it was idle.
            const bool is_lost = error.kind() == Kind::connection_lost && error.sqlstate().empty();
            if (!is_lost || is_commit || Clock::now() >= deadline) throw;
            replace_until = deadline;
        }
        pool->give_back(std::move(connection));
        connection = co_await pool->acquire(replace_until);
    }
}

awaitable<Rows> PooledConnection::run_posted() {
    if (std::exchange(has_failed, true)) throw failed_before();
    const auto flight = std::exchange(posted, {});
    const bool is_commit = flight.back().statement.name == std::string_view(commit_sql.name);
    if (!admit(flight)) {
        throw PgError(Kind::unavailable,
                      "what " + std::string(flight.back().statement.name) + " needs is locked by another transaction");
    }
    const auto start = Clock::now();
    std::optional<Answers> answers;
    try {
        answers = co_await send(flight, is_commit);
    } catch (...) {  // cancelled, too
        note_end(flight, flight.size() - 1, nullptr, Clock::now() - start);
        throw;
    }
    const auto& error = answers->error;
    note_end(flight, error ? answers->failed : flight.size(), error ? &*error : nullptr, Clock::now() - start);
    if (error) throw PgError(*error);
    has_failed = false;
    co_return std::move(answers->rows.back());
}

Pool::Pool(asio::any_io_executor executor, PoolConfig config, Metrics& metrics, const Log& log) {
    auto config_apart = config;
    config_apart.size = config.apart;
    state_ = std::make_shared<PoolState>(executor, std::move(config), metrics, log);
    apart_ = state_;
    if (config_apart.size > 0) apart_ = std::make_shared<PoolState>(executor, std::move(config_apart), metrics, log);
}

Pool::~Pool() { close(); }

void Pool::close() {
    state_->close();
    apart_->close();
}

const std::shared_ptr<PoolState>& Pool::state_of(const Scope& scope, Mode mode) const {
    const bool is_edit = mode == Mode::read_write && !scope.org_id().empty();
    return is_edit ? state_ : apart_;
}

namespace {

// Ids are generated by this program; another character would be a bug.
Params scope_params(const Scope& scope) {
    for (const char c : scope.org_id()) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_')
            throw std::logic_error("malformed organisation id");
    }
    return make_params(scope.org_id());
}

}  // namespace

awaitable<Transaction> Pool::begin(Scope scope, Mode mode) {
    const auto state = state_of(scope, mode);
    const auto deadline = std::chrono::steady_clock::now() + state->config.acquire_timeout;
    auto acquired = co_await state->acquire(deadline);
    auto connection = std::make_unique<PooledConnection>(state, std::move(acquired), scope.org_id());
    connection->replace_until = deadline;
    connection->post(mode == Mode::snapshot ? begin_snapshot_sql : begin_sql, {});
    if (!scope.org_id().empty()) connection->post(enter_scope_sql, scope_params(scope));
    co_return Transaction(std::move(connection));
}

awaitable<Rows> Pool::run_once_with(Scope scope, const Statement& statement, Params params) {
    auto transaction = co_await begin(std::move(scope));
    auto rows = co_await transaction.run_with(statement, std::move(params));
    co_await transaction.commit();
    co_return rows;
}

awaitable<Rows> Pool::read_with(const Statement& statement, Params params) {
    const auto deadline = std::chrono::steady_clock::now() + apart_->config.acquire_timeout;
    for (;;) {
        auto acquired = co_await apart_->acquire(deadline);
        PooledConnection connection(apart_, std::move(acquired), {});
        connection.post(statement, params);
        try {
            co_return co_await connection.run_posted();
        } catch (const PgError& error) {
            // Most likely it was lost while idle; it only reads, so that it may be run again.
            const bool again = error.kind() == Kind::connection_lost && std::chrono::steady_clock::now() < deadline;
            if (!again) throw;
        }
    }
}

awaitable<void> Pool::ping() { co_await read(ping_sql); }

Transaction::Transaction(std::unique_ptr<PooledConnection> connection) : connection_(std::move(connection)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

void Transaction::post_with(const Statement& statement, Params params) {
    if (!connection_) throw std::logic_error("the transaction has ended already");
    connection_->post(statement, std::move(params));
}

awaitable<Rows> Transaction::run_with(const Statement& statement, Params params) {
    post_with(statement, std::move(params));
    return connection_->run_posted();
}

void Transaction::enter(const Scope& scope) {
    post_with(enter_scope_sql, scope_params(scope));
    connection_->org_id = scope.org_id();
}

awaitable<void> Transaction::commit() {
    post_with(commit_sql, {});
    co_await connection_->run_posted();
    connection_.reset();
}

}  // namespace fanion::cp::db
