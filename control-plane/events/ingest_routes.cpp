#include "control-plane/events/ingest_routes.hpp"

#include <algorithm>

#include "common/base/compression.hpp"
#include "common/base/ids.hpp"
#include "common/json/writer.hpp"
#include "common/net/media_type.hpp"
#include "control-plane/events/answer_store.hpp"
#include "control-plane/events/batch_store.hpp"
#include "control-plane/events/count_store.hpp"
#include "control-plane/events/rollup.hpp"
#include "control-plane/http/problem.hpp"
#include "control-plane/quotas/event_quota.hpp"

namespace fanion::cp::events {

namespace {

using boost::asio::awaitable;

Result<wire::EventBatch> unpack(Encoding encoding, const std::string& body) {
    auto text = decompress(encoding, body, IngestApi::max_batch_bytes);
    if (!text) return text.error();
    return wire::parse_event_batch(*text);
}

std::string receipt(const wire::EventBatch& batch, bool duplicate) {
    std::string body;
    json::Writer(body).begin_object().member("batch", batch.batch).member("duplicate", duplicate).end_object();
    return body;
}

}  // namespace

IngestMetrics::IngestMetrics(telemetry::Registry& registry) {
    registry.counter("fanion_control_plane_event_batches_total", "Event batches answered, by result.",
                     {{"result", "stored"}}, batches);
    registry.counter("fanion_control_plane_event_batches_total", "", {{"result", "duplicate"}}, duplicates);
    registry.counter("fanion_control_plane_event_batches_total", "", {{"result", "rejected"}}, rejected);
    registry.counter("fanion_control_plane_evaluations_total", "Evaluations in stored batches.", {}, evaluations);
    registry.counter("fanion_control_plane_relay_drops_total", "Events that relays say they gave up.", {},
                     reported_drops);
}

void IngestApi::add_routes(net::Router& router) {
    router.async(net::Method::post, "/relay/v1/events",
                 [this](net::Request& request) { return handle_events(request); });
}

awaitable<net::Response> IngestApi::handle_events(net::Request& request) {
    auto identity = co_await deps_.keys.authenticate(request.credential(has_api_key_form), deps_.clock.now());
    if (!identity) co_return http::problem(identity.error(), request);
    request.has_known_caller = true;
    auto batch = co_await read_batch(request);
    auto allowed = batch ? check_batch(*batch, *identity) : Result<>(batch.error());
    if (!allowed) {
        deps_.metrics.rejected.add();
        co_return http::problem(allowed.error(), request);
    }
    const auto known = co_await store(std::move(*identity), *batch);
    if (!known) co_return http::problem(known.error(), request);
    if (*known) {
        deps_.metrics.duplicates.add();
    } else {
        deps_.metrics.batches.add();
        deps_.metrics.evaluations.add(batch->evaluations());
        deps_.metrics.reported_drops.add(batch->dropped.counts + batch->dropped.exposures + batch->dropped.metrics);
    }
    co_return net::json_response(receipt(*batch, *known));
}

awaitable<Result<wire::EventBatch>> IngestApi::read_batch(net::Request& request) {
    if (!net::has_media_type(request.header("Content-Type"), "application/json")) {
        co_return Error{Errc::unsupported_media_type, "the body must be application/json"};
    }
    const auto encoding = parse_encoding(request.header("Content-Encoding"));
    if (!encoding) co_return Error{Errc::unsupported_media_type, "the content encoding must be gzip or zstd"};
    const std::string body(request.body);
    const auto work = [encoding = *encoding, body] { return unpack(encoding, body); };
    co_return co_await deps_.blocking.compute(work);
}

// The batch that goes beyond the quota counts with the part of it that does.
void IngestApi::note_exceeded(const access::OrgId& org_id, const quotas::EventDay& day, std::uint64_t events,
                              UnixMillis now) {
    deps_.limits.metrics().events_beyond.add(std::min(events, day.events - *day.limit));
    if (day.is_noted) return;
    deps_.tasks.spawn("event_quota", quotas::tell_exceeded(deps_.edits, deps_.log, org_id, day, now));
}

awaitable<Result<bool>> IngestApi::store(keys::RelayIdentity identity, const wire::EventBatch& batch) {
    try {
        const auto now = deps_.clock.now();
        const auto rows = roll_up(batch, now);
        std::optional<quotas::EventDay> day;
        auto tx = co_await deps_.pool.begin(db::Scope::tenant(identity.org_id.str()));
        BatchKey key{identity.org_id, batch.batch, batch.relay};
        const bool is_new = co_await insert_batch(tx, std::move(key));
        if (is_new) {
            co_await add_counts(tx, identity.org_id, rows);
            co_await note_answers(tx, identity.org_id, batch.relay, rows);
            co_await add_drops(tx, identity.org_id, batch.relay, drops_of(batch));
            day = co_await quotas::add_events(tx, deps_.limits.quotas(), identity.org_id, batch.evaluations(), now);
        }
        co_await tx.commit();
        if (day && day->is_exceeded()) note_exceeded(identity.org_id, *day, batch.evaluations(), now);
        co_return !is_new;
    } catch (const db::PgError& error) {
        if (!error.is_unavailable() && !error.is_serialization_failure()) throw;
        co_return Error{Errc::unavailable, "the batch could not be stored; send it again"};
    }
}

}  // namespace fanion::cp::events
