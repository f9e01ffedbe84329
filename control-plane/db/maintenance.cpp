#include "control-plane/db/maintenance.hpp"

#include "control-plane/db/pool.hpp"

namespace fanion::cp::db {

namespace {

constexpr Statement purge_statement{"purge_expired", "SELECT purge_expired()"};

}  // namespace

boost::asio::awaitable<void> purge_expired(Pool& pool) {
    auto scope = Scope::none();
    co_await pool.run_once(std::move(scope), purge_statement);
}

}  // namespace fanion::cp::db
