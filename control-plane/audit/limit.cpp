#include "control-plane/audit/limit.hpp"

#include <utility>

namespace fanion::cp::audit {
namespace {

constexpr UnixMillis sweep_interval = 1'000;

}  // namespace

std::optional<std::uint64_t> AuditLimit::admit(const std::string& subject, UnixMillis now) {
    const std::lock_guard lock(mutex_);
    auto at = subjects_.find(subject);
    if (at == subjects_.end()) {
        if (subjects_.size() >= capacity_ && !make_room(now)) return std::nullopt;
        at = subjects_.try_emplace(subject).first;
    }
    auto& known = at->second;
    // A clock that was set back must not silence a subject until it catches up: its minute starts again.
    if (known.written_at && now < *known.written_at) known.written_at = now;
    if (known.written_at && now - *known.written_at < audit_limit_interval) {
        ++known.suppressed;
        return std::nullopt;
    }
    known.written_at = now;
    return std::exchange(known.suppressed, 0);
}

void AuditLimit::give_back(const std::string& subject, std::uint64_t suppressed) {
    const std::lock_guard lock(mutex_);
    const auto at = subjects_.find(subject);
    if (at == subjects_.end()) return;
    at->second.written_at.reset();
    at->second.suppressed += suppressed + 1;
}

// The caller has the lock. Visits all subjects, hence at most once a second.
bool AuditLimit::make_room(UnixMillis now) {
    if (now >= swept_at_ && now - swept_at_ < sweep_interval) return false;
    swept_at_ = now;
    std::erase_if(subjects_, [now](const auto& entry) {
        const auto& at = entry.second.written_at;
        return !at || now < *at || now - *at >= audit_limit_interval;
    });
    return subjects_.size() < capacity_;
}

}  // namespace fanion::cp::audit
