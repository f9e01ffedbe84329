#include "control-plane/publish/instance_store.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

constexpr db::Statement create_instance{
    "create_instance",
    "INSERT INTO instance (iss, epoch, database_identity) VALUES ($1, $2, database_identity()) ON CONFLICT DO NOTHING"};
constexpr db::Statement lock_instance{
    "lock_instance",
    "SELECT iss, epoch, database_identity = database_identity(), highest_epoch() FROM instance FOR UPDATE"};
constexpr db::Statement raise_epoch{
    "raise_epoch", "UPDATE instance SET epoch = $1, database_identity = database_identity(), updated_at = now()"};

}  // namespace

std::uint64_t next_epoch(UnixMillis now, std::uint64_t stored, std::uint64_t highest_reported) {
    const auto seconds = static_cast<std::uint64_t>(std::max<UnixMillis>(now, 0) / 1000);
    return std::max({seconds, stored + 1, highest_reported + 1});
}

awaitable<Instance> open_instance(db::Pool& pool, UnixMillis now, std::string iss) {
    auto scope = db::Scope::none();
    auto tx = co_await pool.begin(std::move(scope));
    if (iss.empty()) iss = "fanion:" + to_hex(random_bytes(6));
    co_await tx.run(create_instance, iss, now / 1000);
    const auto rows = co_await tx.run(lock_instance);
    Instance instance{rows[0].string(0), rows[0].u64(1), false};
    if (!rows[0].boolean(2)) {
        instance.epoch = next_epoch(now, instance.epoch, rows[0].u64(3));
        instance.is_new_epoch = true;
        co_await tx.run(raise_epoch, instance.epoch);
    }
    co_await tx.commit();
    co_return instance;
}

}  // namespace fanion::cp::publish
