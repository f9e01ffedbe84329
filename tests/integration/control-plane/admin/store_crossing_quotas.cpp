#include "control-plane/quotas/event_day_store.hpp"
#include "control-plane/quotas/quota_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case quota_table[] = {
    {"find_own_quotas", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto own = co_await quotas::find_own_quotas(tx, t.org);
         co_return own != quotas::OwnQuotas{};
     }},
    {"put_own_quota", false,
     [](Tx& tx, const Theirs& t) {
         return written(quotas::put_own_quota(tx, t.org, {quotas::Quota::flags, quotas::Limit(1)}));
     }},
    {"count_used", true,
     [](Tx& tx, const Theirs& t) { return found(quotas::count_used(tx, t.org, quotas::Quota::flags, now)); }},
    {"check_room", true,
     [](Tx& tx, const Theirs& t) -> Found {
         quotas::Quotas none;
         none.set(quotas::Quota::flags, 0);
         const quotas::Addition nothing{quotas::Quota::flags, 0};
         const auto room = co_await quotas::check_room(tx, none, t.org, nothing, now);
         co_return !room;  // there is no room where something is
     }},
    {"add_events", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const quotas::Quotas none;
         co_await quotas::add_events(tx, none, t.org, 1, now);
         co_return false;
     }},
    {"find_event_day", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const quotas::Quotas none;
         const auto day = co_await quotas::find_event_day(tx, none, t.org, now);
         co_return day.events > 0;
     }},
    {"note_exceeded", true,
     [](Tx& tx, const Theirs& t) -> Found { co_return co_await quotas::note_exceeded(tx, t.org, now); }},
};

}  // namespace

std::span<const Case> quota_cases() noexcept { return quota_table; }

}  // namespace fanion::crossing
