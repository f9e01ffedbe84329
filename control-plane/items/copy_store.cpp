#include "control-plane/items/copy_store.hpp"

namespace fanion::cp::items {

using boost::asio::awaitable;

constexpr db::Statement copy_configurations_sql{
    "copy_configurations",
    "WITH f AS (INSERT INTO flag_configs (flag_id, env_id, org_id, version, enabled, config, updated_at, updated_by) "
    "SELECT c.flag_id, $2, c.org_id, c.version, c.enabled, c.config, $4, $3 "
    "FROM flag_configs c JOIN flags USING (flag_id) WHERE c.env_id = $1 AND deleted_at IS NULL) "
    "INSERT INTO segment_configs (segment_id, env_id, org_id, version, members, updated_at, updated_by) "
    "SELECT c.segment_id, $2, c.org_id, c.version, c.members, $4, $3 "
    "FROM segment_configs c JOIN segments USING (segment_id) WHERE c.env_id = $1 AND deleted_at IS NULL"};

awaitable<void> copy_configurations(db::Transaction& tx, access::EnvironmentId from, access::EnvironmentId to,
                                    std::string updated_by, UnixMillis now) {
    co_await tx.run(copy_configurations_sql, from, to, updated_by, db::Time{now});
}

}  // namespace fanion::cp::items
