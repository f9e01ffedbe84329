#pragma once

// Segments and their members per environment. Functions run in the caller's transaction, whose scope is the organisation.
// Whoever writes holds the environments' locks.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/db/transaction.hpp"
#include "control-plane/segments/segment.hpp"

namespace fanion::cp::segments {

struct Segment {
    std::string segment_id;
    SegmentDefinition definition;
    bool is_deleted = false;  // a tombstone: its key stays taken
};

struct SegmentPage {
    std::string after;  // key; empty: from the first
    std::size_t limit = 50;
    std::string contains;  // in key or name, ASCII case folded; empty: all
};

// In the order of their keys' bytes; one more than `limit` where there are more. No tombstones.
boost::asio::awaitable<std::vector<Segment>> list_segments(db::Transaction& tx, std::string project_id,
                                                           SegmentPage page);
// Also a tombstone: the caller asks is_deleted.
boost::asio::awaitable<std::optional<Segment>> find_segment(db::Transaction& tx, std::string project_id,
                                                            std::string key);

// Throws PgError (unique violation) when the key is or was taken.
boost::asio::awaitable<Segment> insert_segment(db::Transaction& tx, std::string org_id, std::string project_id,
                                               const SegmentDefinition& definition);
boost::asio::awaitable<void> update_segment(db::Transaction& tx, const Segment& segment);
boost::asio::awaitable<void> delete_segment(db::Transaction& tx, std::string segment_id, UnixMillis now);

boost::asio::awaitable<std::optional<SegmentEnvironment>> find_segment_config(db::Transaction& tx,
                                                                              std::string segment_id,
                                                                              std::string env_id);
// Inserts or replaces.
boost::asio::awaitable<void> put_segment_config(db::Transaction& tx, std::string org_id, std::string segment_id,
                                                std::string env_id, const SegmentEnvironment& body,
                                                std::string updated_by);

}  // namespace fanion::cp::segments
