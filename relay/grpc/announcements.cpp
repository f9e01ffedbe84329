#include "relay/grpc/announcements.hpp"

#include <algorithm>

#include "relay/grpc/flag_changes.hpp"
#include "relay/grpc/messages.hpp"
#include "relay/grpc/struct_codec.hpp"

namespace fanion::relay::grpc {
namespace {

std::string_view name_of(FlagChange::Kind kind) noexcept {
    if (kind == FlagChange::Kind::write) return "write";
    return kind == FlagChange::Kind::update ? "update" : "delete";
}

bool is_client_flag(const eval::Ruleset& ruleset, std::string_view key) {
    const auto index = ruleset.find_flag(key);
    return index != eval::Ruleset::npos && ruleset.flag_info(index).client;
}

std::string write_message(const cache::EnvironmentState& before, const cache::EnvironmentState& after,
                          model::AccessEntry::Kind kind) {
    if (before.digests.of(kind) == after.digests.of(kind)) return {};
    StructWriter flags;
    for (const auto& change : changed_flags(*before.items, *after.items)) {
        const bool is_visible = kind != model::AccessEntry::Kind::client ||
                                is_client_flag(*before.ruleset, change.flag) ||
                                is_client_flag(*after.ruleset, change.flag);
        if (is_visible) flags.member(change.flag, StructWriter().member("type", name_of(change.kind)));
    }
    return event_message("configuration_change", StructWriter().member("flags", flags).bytes());
}

}  // namespace

std::shared_ptr<const std::string> Announcements::message(const cache::EnvironmentState& before,
                                                          const cache::EnvironmentState& after,
                                                          model::AccessEntry::Kind kind) {
    const std::lock_guard lock(mutex_);  // while it is made: nobody makes the same
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.before == before.serial && entry.after == after.serial && entry.kind == kind;
    });
    if (found != entries_.end()) return found->message;
    if (entries_.size() == most_entries) entries_.erase(entries_.begin());
    auto message = std::make_shared<const std::string>(write_message(before, after, kind));
    entries_.push_back({before.serial, after.serial, kind, message});
    return message;
}

}  // namespace fanion::relay::grpc
