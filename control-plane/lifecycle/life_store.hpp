#pragma once

// Flags with what their lives are judged by, and with what an index of a project shows. Functions
// run in the caller's transaction, whose scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/events/answer_store.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/lifecycle/verdict.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::lifecycle {

// A flag without its variations.
struct ListedFlag {
    std::string key;
    std::string name;
    model::FlagType type = model::FlagType::boolean;
    std::vector<std::string> tags;
    std::string owner;
    std::optional<flags::Lifetime> lifetime;
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
};
// In the order of their keys' bytes, behind the key `after`; neither tombstones nor archived flags.
// `owner`: only theirs.
boost::asio::awaitable<std::vector<ListedFlag>> list_live_flags(db::Transaction& tx, access::ProjectId project_id,
                                                                std::string after, std::optional<std::string> owner,
                                                                std::size_t at_most);

struct ListedConfig {
    std::string flag;
    access::EnvironmentId env_id;
    bool is_enabled = false;
    double share = 0;  // flags::share_of()
    std::uint64_t version = 1;
    UnixMillis updated_at = 0;
};
// Of the flags that are not archived, in the order of their keys' bytes.
boost::asio::awaitable<std::vector<ListedConfig>> list_live_configs(db::Transaction& tx, access::ProjectId project_id,
                                                                    std::vector<access::EnvironmentId> environments);

// What flags are judged by, in their order; the environments of each are `environments`. `answers`:
// of these flags, in the same order.
std::vector<FlagLife> lives_of(const std::vector<ListedFlag>& listed,
                               const std::vector<projects::Environment>& environments,
                               const std::vector<events::Answer>& answers);

std::vector<access::EnvironmentId> ids_of(const std::vector<projects::Environment>& environments);

}  // namespace fanion::cp::lifecycle
