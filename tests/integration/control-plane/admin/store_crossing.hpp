#pragma once

// The store functions that store_crossing_test.cpp calls with what belongs to another organisation.

#include <boost/asio/awaitable.hpp>
#include <span>
#include <string>
#include <utility>

#include "control-plane/access/assignment_store.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "control-plane/requests/change_request.hpp"
#include "control-plane/rollouts/rollout.hpp"
#include "control-plane/saved/saved.hpp"
#include "control-plane/schedules/schedule.hpp"
#include "control-plane/segments/segment_store.hpp"
#include "control-plane/segments/upload_store.hpp"
#include "control-plane/sign_on/provider.hpp"
#include "control-plane/webhooks/delivery_store.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::crossing {

using namespace fanion::cp;
using boost::asio::awaitable;

inline constexpr UnixMillis now = 1'795'000'000'000;

// What belongs to the organisation that is reached for.
struct Theirs {
    access::OrgId org;
    access::UserId member;
    std::string email;
    access::InvitationId invitation;
    access::KeyId key;
    projects::Project project;
    projects::LockedEnvironment env;
    flags::Flag flag;
    flags::FlagEnvironment flag_config;
    segments::Segment segment;
    segments::SegmentEnvironment segment_config;
    access::CustomRole role;
    access::AssignmentPlace place;
    keys::KeyPlace key_place;
    access::EnvironmentId staging;
    access::TokenId token;  // of a service account
    webhooks::WebhookId webhook;
    webhooks::DeliveryId delivery;
    rollouts::RolloutId rollout;
    sign_on::ProviderId provider;
    std::string entry;  // id of an audit entry
    access::ServiceAccountId account;
    schedules::ScheduleId schedule;
    requests::RequestId request;
    segments::UploadId upload;
    saved::SavedId view;

    segments::UploadPlace upload_place() const { return {org, segment.segment_id, env.env_id}; }
};

// Whether a case found something. What it writes is seen by comparing the tables.
using Found = awaitable<bool>;

using Tx = db::Transaction;

template <class T>
bool is_something(const T& found) {
    if constexpr (requires { found.rows; }) {
        return !found.rows.empty();
    } else if constexpr (requires { found.entries; }) {
        return !found.entries.empty();
    } else if constexpr (requires { found.has_value(); }) {
        return found.has_value();
    } else if constexpr (requires { found.size(); }) {
        return found.size() > 0;
    } else {
        return found > 0;
    }
}

template <class T>
Found found(awaitable<T> reading) {
    const auto value = co_await std::move(reading);
    co_return is_something(value);
}

template <class T>
Found written(awaitable<T> writing) {
    co_await std::move(writing);
    co_return false;
}

struct Case {
    const char* function;
    bool is_read;  // finds something in its own organisation
    Found (*call)(db::Transaction&, const Theirs&);
};

// Access, audit, events, flags and identity; projects to segments.
std::span<const Case> first_cases() noexcept;
std::span<const Case> other_cases() noexcept;
// Audit, tokens, webhooks, past versions.
std::span<const Case> newer_cases() noexcept;
// Settings and deletion of organisations, projects and environments.
std::span<const Case> tenancy_cases() noexcept;
std::span<const Case> quota_cases() noexcept;
// Change requests and schedules.
std::span<const Case> request_cases() noexcept;
// Who may do what, and who signs in how.
std::span<const Case> identity_cases() noexcept;
std::span<const Case> upload_cases() noexcept;
// Answers, series, searches and settings of the report on flags.
std::span<const Case> lifecycle_cases() noexcept;
// Rollouts, and what they count.
std::span<const Case> rollout_cases() noexcept;
// People and groups of a directory, and the roles that groups give.
std::span<const Case> directory_cases() noexcept;

// Views and contexts, presence, relays' reports.
std::span<const Case> saved_cases() noexcept;
std::span<const Case> sign_on_cases() noexcept;
// Attributes that contexts had.
std::span<const Case> attribute_cases() noexcept;
std::span<const Case> event_cases() noexcept;
// Batches that wait for sinks.
std::span<const Case> sink_cases() noexcept;
// Relay keys that rulesets are to name.
std::span<const Case> upkeep_cases() noexcept;

}  // namespace fanion::crossing
