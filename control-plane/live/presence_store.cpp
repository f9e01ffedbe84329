#include "control-plane/live/presence_store.hpp"

namespace fanion::cp::live {

using boost::asio::awaitable;

constexpr db::Statement notify_presence_sql{"notify_presence", "SELECT pg_notify($1, $2)"};

awaitable<void> notify_presence(db::Transaction& tx, std::string sighting) {
    co_await tx.run(notify_presence_sql, presence_channel, sighting);
}

constexpr db::Statement names_of_members_sql{
    "names_of_members", "SELECT user_id, name FROM memberships WHERE org_id = $1 AND user_id = ANY($2)"};

awaitable<std::map<access::UserId, std::string>> names_of_members(db::Transaction& tx, access::OrgId org_id,
                                                                  std::vector<access::UserId> user_ids) {
    const auto rows = co_await tx.run(names_of_members_sql, org_id, user_ids);
    std::map<access::UserId, std::string> names;
    for (const auto row : rows) names.emplace(access::UserId(row.string(0)), row.string(1));
    co_return names;
}

}  // namespace fanion::cp::live
