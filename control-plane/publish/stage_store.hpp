#pragma once

// Versions that are held back from most relays, and what became of them. Except for the last two,
// functions run in the caller's transaction, whose scope is the organisation; whatever writes has
// locked the environment's row. Times are the database's, as those of relays' reports are. Throws
// PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/publish/stage.hpp"

namespace fanion::cp::publish {

struct Stage {
    wire::Version version;
    StageState state = StageState::held;
    projects::StagingSettings settings;  // as they were when the version was made
    wire::Version base;                  // what relays without the label have meanwhile
    UnixMillis begun_at = 0;
    UnixMillis held_since = 0;  // of the first version that this one replaces without a release in between
    std::optional<UnixMillis> ended_at;
    std::string reason;
    std::string detail;
    std::string actor_kind;
    std::string actor_id;
    std::optional<wire::Version> next;  // of one that was withdrawn: the version with the former content
    std::vector<std::string> kept;      // items whose configuration the withdrawal could not put back
};
// The held version, if there is one.
boost::asio::awaitable<std::optional<Stage>> find_held(db::Transaction& tx, access::EnvironmentId env_id);
boost::asio::awaitable<std::optional<Stage>> find_stage(db::Transaction& tx, access::EnvironmentId env_id,
                                                        wire::Version version);

// The next three come after the version was written in the same transaction.
//
// `version` is held on top of `base`, and replaces what was held before, whose settings it has if
// the environment has none any more.
void hold_version(db::Transaction& tx, const projects::Environment& env, wire::Version version, wire::Version base);
// `version` is what relays without the label have from now on. hold_version() follows.
void pass_beneath(db::Transaction& tx, const projects::Environment& env, wire::Version version);
// Nothing is held any more: `version`, with which all go on, replaces it. Not for withdrawals.
void end_hold(db::Transaction& tx, const projects::Environment& env);

struct StageEnd {
    StageState state = StageState::released;  // or withdrawn
    std::string reason;
    std::string detail;
    std::string actor_kind;
    std::string actor_id;
    std::optional<wire::Version> next;
    std::vector<std::string> kept;
};
// The database's time, which begun_at is compared with.
boost::asio::awaitable<UnixMillis> database_time(db::Transaction& tx);
// Nothing is held any more. False: `version` was not held.
boost::asio::awaitable<bool> end_stage(db::Transaction& tx, access::EnvironmentId env_id, wire::Version version,
                                       StageEnd end);
// Across tenants, through SECURITY DEFINER functions: scope none -------------------------------

// In order of version, from `from` on.
boost::asio::awaitable<std::vector<FeedStage>> feed_stages(db::Transaction& tx, access::EnvironmentId env_id,
                                                           wire::Version from);
struct HeldVersion {
    access::EnvironmentId env_id;
    access::OrgId org_id;
    access::ProjectId project_id;
    std::string project_key;
    std::string env_key;
    wire::Version version;
    bool is_newest = true;  // a program that knows no stages may have published after it
};
boost::asio::awaitable<std::vector<HeldVersion>> held_versions(db::Transaction& tx);

}  // namespace fanion::cp::publish
