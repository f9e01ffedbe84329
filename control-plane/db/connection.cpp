#include "control-plane/db/connection.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_map>

#include "control-plane/db/socket_watch.hpp"

namespace fanion::cp::db {

namespace asio = boost::asio;
using asio::awaitable;
using For = SocketWatch::For;
using Deadline = SocketWatch::Deadline;
using Kind = PgError::Kind;

namespace {

// The answers to so many statements fit into what the system holds for a socket: while the server waits for them to be
// read, it does not read the rest.
constexpr std::size_t at_once = 64;

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

bool is_success(const PGresult* result) {
    return PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
}

std::string trim_message(const char* message) {
    std::string text = message == nullptr ? "" : message;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text;
}

PgError error_of(const PGresult* result) {
    const auto field = [result](int code) {
        const char* value = PQresultErrorField(result, code);
        return std::string(value == nullptr ? "" : value);
    };
    const auto state = field(PG_DIAG_SQLSTATE);
    auto kind = Kind::refused;
    if (state == "57014") kind = Kind::timed_out;                                 // statement_timeout
    if (state.starts_with("57P") || state.empty()) kind = Kind::connection_lost;  // the server shuts down, or is gone
    auto message = field(PG_DIAG_MESSAGE_PRIMARY);
    if (message.empty()) message = trim_message(PQresultErrorMessage(result));
    return PgError(kind, std::move(message), state, field(PG_DIAG_CONSTRAINT_NAME));
}

}  // namespace

struct Connection::Impl {
    Impl(const asio::any_io_executor& executor, ConnectionConfig c)
        : config(std::move(c)), watch(std::make_shared<SocketWatch>(executor)) {}
    Impl(const Impl&) = delete;
    ~Impl() {
        watch->release();
        if (conn != nullptr) PQfinish(conn);
    }

    awaitable<void> connect();
    awaitable<ResultPtr> next_result(Deadline deadline);
    awaitable<ResultPtr> exchange(Deadline deadline);
    awaitable<void> read_answers(Answers& answers, Deadline deadline);
    awaitable<bool> wait(For what, Deadline deadline);
    awaitable<void> wait_or_break(For what, Deadline deadline, const char* doing);
    awaitable<void> flush(Deadline deadline);
    awaitable<void> prepare(const Statement& statement);

    Deadline statement_deadline() const {
        return std::chrono::steady_clock::now() + config.statement_timeout + std::chrono::seconds(2);
    }
    // Calls a function of libpq that reads, parses or writes: it closes the socket when it finds the connection lost.
    template <class Call, class... Args>
    auto libpq(Call call, Args... args) {
        const auto result = call(conn, args...);
        watch->sync(PQsocket(conn));
        return result;
    }
    void begin_exchange(int sent);
    void send(const Bound& bound);
    PgError refusal(const PGresult* result);
    // For the caller to throw. The connection is broken from now on.
    PgError failure(Kind kind, std::string message) {
        broken = true;
        return PgError(kind, std::move(message));
    }
    PgError lost() { return failure(Kind::connection_lost, trim_message(PQerrorMessage(conn))); }

    ConnectionConfig config;
    std::shared_ptr<SocketWatch> watch;
    PGconn* conn = nullptr;
    bool broken = false;
    bool busy = false;                                      // an answer was not read to its end
    std::unordered_map<std::string, const char*> prepared;  // name, address of the constant's text
};

// False when the deadline passed.
awaitable<bool> Connection::Impl::wait(For what, Deadline deadline) {
    if (PQsocket(conn) < 0) throw lost();
    const auto ec = co_await watch->wait(PQsocket(conn), what, deadline);
    if (!ec) co_return true;
    if (ec == asio::error::timed_out) co_return false;
    broken = true;
    if (ec == asio::error::operation_aborted) throw boost::system::system_error(ec);  // the coroutine is cancelled
    throw PgError(Kind::connection_lost, ec.message());
}

awaitable<void> Connection::Impl::wait_or_break(For what, Deadline deadline, const char* doing) {
    const bool in_time = co_await wait(what, deadline);
    if (!in_time) throw failure(Kind::timed_out, std::string("no answer in time while ") + doing);
}

awaitable<void> Connection::Impl::connect() {
    // "dbname" is expanded in place: what precedes it are defaults, what follows it overrides the connection string.
    const std::array<const char*, 10> names{
        "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "dbname",          "application_name",    "client_encoding",  nullptr};
    const std::array<const char*, 10> values{
        "10", "5", "3", "15000", config.conninfo.c_str(), config.application_name.c_str(), "UTF8", nullptr};
    conn = PQconnectStartParams(names.data(), values.data(), 1);
    if (conn == nullptr) throw std::bad_alloc();
    if (PQstatus(conn) == CONNECTION_BAD) throw failure(Kind::unavailable, trim_message(PQerrorMessage(conn)));
    PQsetNoticeReceiver(
        conn, [](void*, const PGresult*) {}, nullptr);
    const auto deadline = std::chrono::steady_clock::now() + config.connect_timeout;
    for (auto status = PGRES_POLLING_WRITING; status != PGRES_POLLING_OK;) {
        const auto what = status == PGRES_POLLING_READING ? For::wait_read : For::wait_write;
        const bool in_time = co_await wait(what, deadline);
        if (!in_time) throw failure(Kind::unavailable, "could not connect to the database in time");
        watch->release();  // PQconnectPoll may open another socket, even under the same number
        status = PQconnectPoll(conn);
        if (status == PGRES_POLLING_FAILED) throw failure(Kind::unavailable, trim_message(PQerrorMessage(conn)));
    }
    if (libpq(PQsetnonblocking, 1) != 0) throw lost();
}

awaitable<void> Connection::Impl::flush(Deadline deadline) {
    for (int left = libpq(PQflush); left != 0; left = libpq(PQflush)) {
        if (left < 0) throw lost();
        co_await wait_or_break(For::wait_write, deadline, "sending");
    }
}

void Connection::Impl::begin_exchange(int sent) {
    if (sent != 1) throw lost();
    busy = true;
}

// Null at the end of a statement's results.
awaitable<ResultPtr> Connection::Impl::next_result(Deadline deadline) {
    while (libpq(PQisBusy) != 0) {
        co_await wait_or_break(For::wait_read, deadline, "waiting for an answer");
        if (libpq(PQconsumeInput) == 0) throw lost();
    }
    co_return ResultPtr(libpq(PQgetResult));
}

// What the server has refused. Some refusals end the connection.
PgError Connection::Impl::refusal(const PGresult* result) {
    auto error = error_of(result);
    // 0A000: "cached plan must not change result type", after a migration. A new connection prepares the statement again.
    broken = broken || error.kind() == Kind::connection_lost || PQstatus(conn) == CONNECTION_BAD ||
             error.sqlstate() == "0A000";
    return error;
}

// Sends what is queued and reads the answer to its end. Returns the last result; throws the first error.
awaitable<ResultPtr> Connection::Impl::exchange(Deadline deadline) {
    co_await flush(deadline);
    ResultPtr last;
    for (;;) {
        auto next = co_await next_result(deadline);
        if (!next) break;
        const bool has_failed = last && PQresultStatus(last.get()) == PGRES_FATAL_ERROR;
        if (!has_failed) last = std::move(next);
    }
    busy = false;
    if (!last) throw lost();
    if (is_success(last.get()) || PQresultStatus(last.get()) == PGRES_EMPTY_QUERY) co_return last;
    throw refusal(last.get());
}

void Connection::Impl::send(const Bound& bound) {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const auto& value : bound.params.values()) {
        values.push_back(value.is_null ? nullptr : value.bytes.c_str());
        lengths.push_back(static_cast<int>(value.bytes.size()));
        formats.push_back(value.is_binary ? 1 : 0);
    }
    begin_exchange(libpq(PQsendQueryPrepared, bound.statement.name, static_cast<int>(values.size()), values.data(),
                         lengths.data(), formats.data(), 0));
}

// Adds what is answered to the pipeline, to its end.
awaitable<void> Connection::Impl::read_answers(Answers& answers, Deadline deadline) {
    co_await flush(deadline);
    for (bool was_end = false;;) {  // each statement's results have an end, and the pipeline has one
        auto next = co_await next_result(deadline);
        if (!next && was_end) throw lost();
        was_end = !next;
        if (!next) continue;
        const auto status = PQresultStatus(next.get());
        if (status == PGRES_PIPELINE_SYNC) break;
        if (status == PGRES_PIPELINE_ABORTED) continue;
        if (is_success(next.get())) {
            answers.rows.push_back(Rows(next.release()));
        } else if (!answers.error) {
            answers.error = refusal(next.get());
            answers.failed = answers.rows.size();
            if (answers.error->kind() == Kind::connection_lost) throw PgError(*answers.error);
        }
    }
    if (PQexitPipelineMode(conn) != 1) throw lost();
    busy = false;
}

awaitable<void> Connection::Impl::prepare(const Statement& statement) {
    const auto found = prepared.find(statement.name);
    if (found != prepared.end()) {
        if (found->second == statement.sql || std::string_view(found->second) == statement.sql) co_return;
        throw std::logic_error("two statements are named " + found->first);
    }
    begin_exchange(libpq(PQsendPrepare, statement.name, statement.sql, 0, nullptr));
    co_await exchange(statement_deadline());
    prepared.emplace(statement.name, statement.sql);
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

awaitable<std::unique_ptr<Connection>> Connection::open(asio::any_io_executor executor, ConnectionConfig config) {
    std::unique_ptr<Connection> connection(new Connection(std::make_unique<Impl>(executor, std::move(config))));
    const auto& impl = connection->impl_;
    co_await impl->connect();
    const auto timeout = std::to_string(impl->config.statement_timeout.count());
    const auto lock_timeout = std::to_string(impl->config.lock_timeout.count());
    // Compiling a plan takes longer than any statement here runs.
    std::string setup =
        "SET jit = off; SET search_path = fanion, pg_temp; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET "
        "bytea_output = 'hex'; "
        "SET statement_timeout = " +
        timeout + "; SET lock_timeout = " + lock_timeout + "; SET idle_in_transaction_session_timeout = '60s'";
    if (!impl->config.role.empty()) setup += "; SET ROLE " + connection->quote(impl->config.role);
    co_await connection->run_script(std::move(setup));
    co_return connection;
}

awaitable<Answers> Connection::run_all(const std::vector<Bound>& statements) {
    auto& self = *impl_;
    if (is_broken()) throw PgError(Kind::connection_lost, "the connection is broken");
    Answers answers;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        try {
            co_await self.prepare(statements[i].statement);
        } catch (const PgError& error) {  // it may wait for a lock, too
            if (is_broken()) throw;
            answers.error = error;
            answers.failed = i;
            co_return answers;
        }
    }
    for (std::size_t next = 0; next < statements.size() && !answers.error;) {
        if (PQenterPipelineMode(self.conn) != 1) throw self.lost();
        for (const auto end = std::min(statements.size(), next + at_once); next < end; ++next)
            self.send(statements[next]);
        self.begin_exchange(self.libpq(PQpipelineSync));
        co_await self.read_answers(answers, self.statement_deadline());
    }
    co_return answers;
}

awaitable<Rows> Connection::run(const Statement& statement, Params params) {
    std::vector<Bound> alone;
    alone.push_back({statement, std::move(params)});
    auto answers = co_await run_all(alone);
    if (answers.error) throw PgError(*answers.error);
    co_return std::move(answers.rows.front());
}

awaitable<Rows> Connection::run_script(std::string sql) {
    auto& self = *impl_;
    if (is_broken()) throw PgError(Kind::connection_lost, "the connection is broken");
    self.begin_exchange(self.libpq(PQsendQuery, sql.c_str()));
    auto result = co_await self.exchange(self.statement_deadline());
    co_return Rows(result.release());
}

awaitable<std::optional<Notification>> Connection::next_notification(std::chrono::milliseconds wait) {
    auto& self = *impl_;
    const auto deadline = std::chrono::steady_clock::now() + wait;
    for (;;) {
        if (PGnotify* notify = self.libpq(PQnotifies); notify != nullptr) {
            std::optional<Notification> out(Notification{notify->relname, notify->extra});
            PQfreemem(notify);
            co_return out;
        }
        const bool in_time = co_await self.wait(For::wait_read, deadline);
        if (!in_time) co_return std::nullopt;
        if (self.libpq(PQconsumeInput) == 0) throw self.lost();
    }
}

bool Connection::is_broken() const noexcept {
    return impl_->broken || impl_->busy || PQstatus(impl_->conn) != CONNECTION_OK;
}

bool Connection::in_transaction() const noexcept { return PQtransactionStatus(impl_->conn) != PQTRANS_IDLE; }

bool Connection::is_alive() noexcept {
    if (is_broken()) return false;
    // A server that shuts down sends a message first; the end of the stream is found by the second read.
    for (int read = 0; read < 2; ++read) {
        if (impl_->libpq(PQconsumeInput) == 0) return false;
    }
    return !is_broken();
}

std::string Connection::quote(std::string_view text) const {
    char* quoted = PQescapeLiteral(impl_->conn, text.data(), text.size());
    if (quoted == nullptr) throw PgError(Kind::refused, trim_message(PQerrorMessage(impl_->conn)), "22021");
    std::string out(quoted);
    PQfreemem(quoted);
    return out;
}

}  // namespace fanion::cp::db
