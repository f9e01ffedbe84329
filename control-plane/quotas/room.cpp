#include "control-plane/quotas/room.hpp"

#include "control-plane/quotas/limits.hpp"
#include "control-plane/quotas/quota_store.hpp"

namespace fanion::cp::quotas {

boost::asio::awaitable<Result<>> require_room(http::Edit& edit, Quota quota, std::uint64_t count) {
    auto& call = edit.call();
    const Addition addition{quota, count};
    co_return co_await check_room(edit.tx(), call.services.limits.quotas(), call.org.org_id, addition, call.now());
}

}  // namespace fanion::cp::quotas
