#pragma once

// A transaction on a connection of the pool. Move-only, one thread, one statement at a time.
//
// clang-format off
//     constexpr db::Statement find_flag{"find_flag", "SELECT name FROM flags WHERE project_id = $1 AND key = $2"};
//
//     auto scope = db::Scope::tenant(org_id);
//     auto tx = co_await pool.begin(std::move(scope));
//     const auto rows = co_await tx.run(find_flag, project_id, key);
//     co_await tx.commit();
// clang-format on
//
// A transaction that is destroyed without a commit is rolled back before its connection is used
// again. After a statement has failed, every other one fails too (SQLSTATE 25P02): destroy the
// transaction. All functions throw PgError.
//
// A round trip to the server costs more than most statements. It begins the transaction together
// with the first statement, and what post() was given goes with what is run next.

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "common/telemetry/trace_place.hpp"
#include "control-plane/db/error.hpp"
#include "control-plane/db/rows.hpp"
#include "control-plane/db/statement.hpp"

namespace fanion::cp::db {

// Whose rows a transaction sees and writes.
class Scope {
public:
    static Scope tenant(std::string org_id) { return Scope(std::move(org_id)); }
    // Nobody's: only tables without a tenant, and SECURITY DEFINER functions.
    static Scope none() { return Scope(""); }
    const std::string& org_id() const noexcept { return org_id_; }

private:
    explicit Scope(std::string org_id) : org_id_(std::move(org_id)) {}
    std::string org_id_;
};

enum class Mode {
    read_write,  // READ COMMITTED
    snapshot,    // REPEATABLE READ, READ ONLY: all statements see one state
};

struct PooledConnection;  // pool.cpp

class Transaction {
public:
    ~Transaction();
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(Transaction&&) = delete;

    // Copies the arguments before it returns; Params::add has the types.
    template <class... Args>
    boost::asio::awaitable<Rows> run(const Statement& statement, const Args&... args) {
        return run_with(statement, make_params(args...));
    }
    boost::asio::awaitable<Rows> run_with(const Statement& statement, Params params);

    // For a statement whose rows nobody reads, and whose refusal nobody expects: it is carried out
    // before the next one that is run, or before the commit, which throw what it fails with.
    template <class... Args>
    void post(const Statement& statement, const Args&... args) {
        post_with(statement, make_params(args...));
    }
    void post_with(const Statement& statement, Params params);

    // Changes the scope, from the next statement on: for a change that several organisations must
    // see together. A caller that locks rows in more than one organisation enters them in the order
    // of their keys.
    void enter(const Scope& scope);

    boost::asio::awaitable<void> commit();

    // The span of the change that this is a part of, for what is done in it. Empty: it is not
    // recorded.
    const telemetry::TracePlace& place() const noexcept { return place_; }
    void set_place(const telemetry::TracePlace& place) noexcept { place_ = place; }

private:
    friend class Pool;
    explicit Transaction(std::unique_ptr<PooledConnection> connection);
    std::unique_ptr<PooledConnection> connection_;  // null after commit or a move
    telemetry::TracePlace place_;
};

}  // namespace fanion::cp::db
