#include "control-plane/events/ledger_routes.hpp"

#include "common/base/text.hpp"
#include "control-plane/events/unit_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"

namespace fanion::cp::events {
namespace {

void write_ledger(json::Writer& w, const RelayLedger& ledger) {
    const auto& delivered = ledger.delivered;
    const auto& dropped = ledger.dropped;
    const auto write_sums = [&w](const char* name, std::int64_t counts, std::int64_t exposures, std::int64_t metrics) {
        w.key(name).begin_object();
        w.member("counts", counts).member("exposures", exposures).member("metrics", metrics).end_object();
    };
    w.begin_object().member("relay", delivered.relay);
    write_sums("delivered", delivered.counts, delivered.exposures, delivered.metrics);
    write_sums("dropped", dropped.counts, dropped.exposures, dropped.metrics);
    w.member("repeated_batches", delivered.repeated).key("reported");
    if (ledger.reported.ledger.empty()) {
        w.null();
    } else {
        w.raw(ledger.reported.ledger);
        w.member("reported_at", format_rfc3339(ledger.reported.at));
    }
    w.end_object();
}

http::Answer handle_list_relay_deliveries(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto ledgers = co_await list_relay_ledgers(tx, call.org.org_id, page->after, page->limit + 1);
    const auto next = http::end_page(ledgers, *page, [](const RelayLedger& last) { return last.delivered.relay; });
    co_return net::json_response(http::list_text(write_ledger, ledgers, next));
}

using access::Permission;
using net::Method;

constexpr http::Route ledger_table[] = {
    {Method::get, "/api/v1/orgs/{org}/relays/deliveries", Permission::read, handle_list_relay_deliveries,
     "limit cursor"},
};

}  // namespace

std::span<const http::Route> ledger_routes() noexcept { return ledger_table; }

}  // namespace fanion::cp::events
