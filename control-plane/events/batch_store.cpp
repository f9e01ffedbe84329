#include "control-plane/events/batch_store.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace fanion::cp::events {
namespace {

// The ids of what a part lies in, up to the whole.
std::vector<std::string> divided_for(const BatchKey& key) {
    std::vector<std::string> ids;
    if (key.part.empty() || key.batch_id.size() <= key.part.size()) return ids;
    const auto whole = key.batch_id.substr(0, key.batch_id.size() - key.part.size() - 1);
    ids.push_back(whole);
    for (std::size_t length = 1; length < key.part.size(); ++length)
        ids.push_back(whole + '.' + key.part.substr(0, length));
    return ids;
}

using IsDivided = std::unordered_map<std::string, bool>;

// In the order of the primary key, so that replicas that got the same batches cannot deadlock. A batch that comes together
// with its parts goes before them.
constexpr db::Statement insert_batches_sql{
    "insert_event_batches",
    "INSERT INTO event_batches (org_id, batch_id, relay_id, divided) SELECT $1, batch_id, relay_id, divided <> 0 "
    "FROM unnest($2::text[], $3::text[], $4::bigint[]) AS t (batch_id, relay_id, divided) ORDER BY batch_id, divided "
    "ON CONFLICT DO NOTHING RETURNING batch_id, divided"};
constexpr db::Statement find_batches_sql{
    "find_event_batches",
    "SELECT batch_id, divided FROM event_batches WHERE org_id = $1 AND batch_id = ANY($2::text[])"};

boost::asio::awaitable<IsDivided> insert(db::Transaction& tx, access::OrgId org_id, std::vector<BatchKey> keys) {
    std::vector<std::string> ids, relays;
    std::vector<std::int64_t> divided;
    for (auto& key : keys) {
        for (auto& id : divided_for(key)) {
            ids.push_back(std::move(id));
            relays.push_back(key.relay);
            divided.push_back(1);
        }
        ids.push_back(std::move(key.batch_id));
        relays.push_back(std::move(key.relay));
        divided.push_back(0);
    }
    const auto rows = co_await tx.run(insert_batches_sql, org_id, ids, relays, divided);
    IsDivided inserted;
    for (const auto row : rows) inserted.emplace(row.string(0), row.boolean(1));
    co_return inserted;
}

boost::asio::awaitable<IsDivided> find(db::Transaction& tx, access::OrgId org_id, std::vector<std::string> ids) {
    IsDivided found;
    if (ids.empty()) co_return found;
    const auto rows = co_await tx.run(find_batches_sql, org_id, ids);
    for (const auto row : rows) found.emplace(row.string(0), row.boolean(1));
    co_return found;
}

}  // namespace

boost::asio::awaitable<TakenBatches> insert_batches(db::Transaction& tx, access::OrgId org_id,
                                                    std::vector<BatchKey> keys) {
    const auto inserted = co_await insert(tx, org_id, keys);
    std::vector<std::string> known;
    for (const auto& key : keys) {
        auto ids = divided_for(key);
        ids.push_back(key.batch_id);
        for (auto& id : ids) {
            if (!inserted.contains(id)) known.push_back(std::move(id));
        }
    }
    const auto found = co_await find(tx, std::move(org_id), std::move(known));
    const auto is_stored = [&](const std::string& id) {
        const auto own = inserted.find(id);
        if (own != inserted.end()) return !own->second;
        const auto earlier = found.find(id);
        return earlier != found.end() && !earlier->second;
    };
    TakenBatches taken;
    for (const auto& key : keys) {
        const auto around = divided_for(key);
        if (std::any_of(around.begin(), around.end(), is_stored)) continue;
        if (!is_stored(key.batch_id)) {
            taken.divided.push_back(key.batch_id);
        } else if (inserted.contains(key.batch_id)) {
            taken.stored.push_back(key.batch_id);
        }
    }
    co_return taken;
}

}  // namespace fanion::cp::events
