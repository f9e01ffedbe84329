#include "control-plane/events/retention_store.hpp"
#include "control-plane/events/unit_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case cases[] = {
    {"add_unit_rows", false,
     [](Tx& tx, const Theirs& t) -> Found {
         wire::EventBatch batch;
         batch.exposures.push_back({t.env.env_id.str(), "planted", "on", 1, "u", now});
         batch.metrics.push_back({t.env.env_id.str(), "planted", "u", now, "1"});
         auto rows = events::unit_rows_of(batch, now);
         co_await events::add_unit_rows(tx, t.org, std::move(rows), now);
         co_return false;
     }},
    {"add_deliveries", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<events::Delivery> deliveries{{"planted", 1, 1, 1}};
         events::add_deliveries(tx, t.org, deliveries);
         co_return false;
     }},
    {"list_relay_ledgers", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto listed = co_await events::list_relay_ledgers(tx, t.org, "", 10);
         co_return !listed.empty();
     }},
    {"find_event_settings", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto settings = co_await events::find_event_settings(tx, t.org);
         co_return settings.version > 0;
     }},
    {"put_event_settings", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const events::EventSettings settings{8, 2, now};
         co_await events::put_event_settings(tx, t.org, settings);
         co_return false;
     }},
    {"lock_old_events", true, [](Tx& tx, const Theirs& t) -> Found { return events::lock_old_events(tx, t.org, 0); }},
    {"delete_events_of_day", false,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await events::delete_events_of_day(tx, t.org, now, 10);
         co_return false;
     }},
};

}  // namespace

std::span<const Case> event_cases() noexcept { return cases; }

}  // namespace fanion::crossing
