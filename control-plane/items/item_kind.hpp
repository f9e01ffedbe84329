#pragma once

// A kind of item that a ruleset is made of: flags and segments. Each is a row per project, the
// definition, with a configuration per environment. ItemKind is the table of what differs between
// kinds; item_edit.hpp has the handlers that are the same for all. Immutable.
//
// Beside the table a kind has these pure functions, found by the types of their arguments:
//     item_key(definition), item_body(definition, config)      the item of the ruleset
//     to_json(definition), to_json(key, config)                the resources of the admin API
//     default_config(definition, environment, now)             a new environment's configuration
//     is_in_ruleset(definition)                                false: archived
//     same_for_evaluators(definition, definition), (config, config)    no difference reaches a ruleset

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/audit/action.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/items/configured.hpp"
#include "control-plane/items/item_body.hpp"
#include "control-plane/items/item_page.hpp"
#include "control-plane/items/use_store.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "control-plane/quotas/quota.hpp"

namespace fanion::cp::items {

template <class RowT, class ConfigT, class NewT>
struct ItemKind {
    using Row = RowT;        // definition, is_deleted, and an id
    using Config = ConfigT;  // environment, version, updated_at, and what evaluators read
    using New = NewT;        // definition, environments
    using Definition = decltype(RowT::definition);
    template <class T>
    using Awaitable = boost::asio::awaitable<T>;
    using Tx = db::Transaction;

    std::string_view name;       // "flag": the path's parameter; in messages
    std::string_view referrers;  // what may refer to one, in messages: "other flags"
    bool definition_travels;     // the definition is part of the item, not only whether it is archived
    quotas::Quota quota;

    // In the audit log.
    audit::Action created;
    audit::Action updated;
    audit::Action configured;
    audit::Action deleted;

    // Edits; see flags/flag_edit.hpp. `present_json` is to_json() of the present state.
    Result<New> (*create)(json::Value body, const std::vector<std::string>& environment_keys, UnixMillis now);
    Result<Definition> (*replace_definition)(const Definition& present, json::Value body);
    // `configs`: in every environment, for a patch of instructions; otherwise empty.
    Result<PatchedDefinition<Definition, Config>> (*patch_definition)(const Definition& present,
                                                                      std::string_view present_json,
                                                                      const body::Patch& patch,
                                                                      std::vector<Config> configs);
    Result<Config> (*replace_config)(const Definition& definition, const Config& present, json::Value body);
    Result<body::Patched<Config>> (*patch_config)(const Definition& definition, const Config& present,
                                                  std::string_view present_json, const body::Patch& patch);

    // What a change does, as sentences; see flags/flag_sentences.hpp.
    using Sentences = std::vector<std::string>;
    Sentences (*describe_definition)(const Definition& before, const Definition& after);
    Sentences (*describe_config)(const Config& before, const Config& after);
    Sentences (*describe_creation)(const Definition& definition, const std::vector<Config>& configs);
    Sentences (*describe_deletion)(const Definition& definition);

    // What depends on one; `environment`: a key, or empty for all.
    Awaitable<FoundUses> (*find_uses)(Tx& tx, access::ProjectId project_id, std::string key, std::string environment);

    // Rows; see flags/flag_store.hpp.
    Awaitable<FoundPage<Row>> (*list)(Tx& tx, access::ProjectId project_id, ItemPage page);
    Awaitable<std::optional<Row>> (*find)(Tx& tx, access::ProjectId project_id, std::string key);
    Awaitable<Row> (*insert)(Tx& tx, access::OrgId org_id, access::ProjectId project_id, const Definition& definition);
    Awaitable<void> (*update)(Tx& tx, const Row& row);
    Awaitable<void> (*remove)(Tx& tx, const Row& row, UnixMillis now);
    Awaitable<std::optional<Config>> (*find_config)(Tx& tx, const Row& row, access::EnvironmentId env_id);
    Awaitable<std::optional<Configured<Row, Config>>> (*find_configured)(Tx& tx, const projects::Environment& env,
                                                                         std::string key);
    Awaitable<void> (*put_config)(Tx& tx, const Row& row, const projects::LockedEnvironment& env, const Config& config,
                                  std::string updated_by);
};

}  // namespace fanion::cp::items
