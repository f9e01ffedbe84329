#include "control-plane/db/connection.hpp"

#include <libpq-fe.h>

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

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

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
    awaitable<ResultPtr> exchange(Deadline deadline);
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

// Sends what is queued and reads the answer to its end. Returns the last result; throws the first error.
awaitable<ResultPtr> Connection::Impl::exchange(Deadline deadline) {
    co_await flush(deadline);
    ResultPtr last;
    for (;;) {
        while (libpq(PQisBusy) != 0) {
            co_await wait_or_break(For::wait_read, deadline, "waiting for an answer");
            if (libpq(PQconsumeInput) == 0) throw lost();
        }
        ResultPtr next(libpq(PQgetResult));
        if (!next) break;
        const bool has_failed = last && PQresultStatus(last.get()) == PGRES_FATAL_ERROR;
        if (!has_failed) last = std::move(next);
    }
    busy = false;
    if (!last) throw lost();
    const auto status = PQresultStatus(last.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) co_return last;
    auto error = error_of(last.get());
    // 0A000: "cached plan must not change result type", after a migration. A new connection prepares the statement again.
    broken = broken || error.kind() == Kind::connection_lost || PQstatus(conn) == CONNECTION_BAD ||
             error.sqlstate() == "0A000";
    throw error;
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

awaitable<Rows> Connection::run(const Statement& statement, Params params) {
    auto& self = *impl_;
    if (is_broken()) throw PgError(Kind::connection_lost, "the connection is broken");
    co_await self.prepare(statement);
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const auto& value : params.values()) {
        values.push_back(value.is_null ? nullptr : value.bytes.c_str());
        lengths.push_back(static_cast<int>(value.bytes.size()));
        formats.push_back(value.is_binary ? 1 : 0);
    }
    self.begin_exchange(self.libpq(PQsendQueryPrepared, statement.name, static_cast<int>(values.size()), values.data(),
                                   lengths.data(), formats.data(), 0));
    auto result = co_await self.exchange(self.statement_deadline());
    co_return Rows(result.release());
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

bool Connection::in_failed_transaction() const noexcept { return PQtransactionStatus(impl_->conn) == PQTRANS_INERROR; }

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
