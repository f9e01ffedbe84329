#pragma once

// Segments and their members per environment. Functions run in the caller's transaction, whose
// scope is the organisation. Callers that write a definition must hold the project's lock.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/items/configured.hpp"
#include "control-plane/items/item_page.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/segments/segment.hpp"
#include "control-plane/segments/segment_search.hpp"

namespace fanion::cp::segments {

struct Segment {
    access::SegmentId segment_id;
    SegmentDefinition definition;
    bool is_deleted = false;  // a tombstone: its key stays taken
};

// In the order of their keys' bytes. No tombstones.
boost::asio::awaitable<items::FoundPage<Segment>> list_segments(db::Transaction& tx, access::ProjectId project_id,
                                                                items::ItemPage page);
// No tombstones.
boost::asio::awaitable<items::FoundList<Segment>> search_segments(db::Transaction& tx, access::ProjectId project_id,
                                                                  SegmentSearch search);
// Also returns a tombstone.
boost::asio::awaitable<std::optional<Segment>> find_segment(db::Transaction& tx, access::ProjectId project_id,
                                                            std::string key);

// Throws PgError (unique violation) when the key is or was taken.
boost::asio::awaitable<Segment> insert_segment(db::Transaction& tx, access::OrgId org_id, access::ProjectId project_id,
                                               const SegmentDefinition& definition);
boost::asio::awaitable<void> update_segment(db::Transaction& tx, const Segment& segment);
boost::asio::awaitable<void> delete_segment(db::Transaction& tx, const Segment& segment, UnixMillis now);

boost::asio::awaitable<std::optional<SegmentEnvironment>> find_segment_config(db::Transaction& tx,
                                                                              const Segment& segment,
                                                                              access::EnvironmentId env_id);
// Both, in one statement. Also of a tombstone.
using ConfiguredSegment = items::Configured<Segment, SegmentEnvironment>;
boost::asio::awaitable<std::optional<ConfiguredSegment>> find_configured_segment(db::Transaction& tx,
                                                                                 const projects::Environment& env,
                                                                                 std::string key);
// Inserts or replaces.
boost::asio::awaitable<void> put_segment_config(db::Transaction& tx, const Segment& segment,
                                                const projects::LockedEnvironment& env,
                                                const SegmentEnvironment& config, std::string updated_by);
// The same; `members`: segment_config_json() of the configuration.
boost::asio::awaitable<void> put_segment_members(db::Transaction& tx, const Segment& segment,
                                                 const projects::LockedEnvironment& env,
                                                 const SegmentEnvironment& config, std::string members,
                                                 std::string updated_by);

}  // namespace fanion::cp::segments
