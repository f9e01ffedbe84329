#include "control-plane/db/lock_waits.hpp"

namespace fanion::cp::db {

namespace {

std::string kind_of(std::string_view statement, const std::string& org_id) {
    return std::string(statement) + ' ' + org_id;
}

}  // namespace

bool LockWaits::admit(std::string_view statement, const std::string& org_id, Time now) {
    if (blocked_.empty()) return true;
    const auto found = blocked_.find(kind_of(statement, org_id));
    if (found == blocked_.end()) return true;
    auto& blocked = found->second;
    if (!blocked.is_tried && now >= blocked.until) {
        blocked_.erase(found);
        return true;
    }
    if (blocked.is_tried) return false;
    blocked.is_tried = true;
    return true;
}

void LockWaits::ended(std::string_view statement, const std::string& org_id, bool was_in_vain, Time now) {
    if (was_in_vain) {
        blocked_[kind_of(statement, org_id)] = {now + memory, false};
    } else if (!blocked_.empty()) {
        blocked_.erase(kind_of(statement, org_id));
    }
}

void LockWaits::withdraw(std::string_view statement, const std::string& org_id) {
    if (blocked_.empty()) return;
    const auto found = blocked_.find(kind_of(statement, org_id));
    if (found != blocked_.end()) found->second.is_tried = false;
}

}  // namespace fanion::cp::db
