#include "control-plane/events/ingest_routes.hpp"

#include <algorithm>

#include "common/base/compression.hpp"
#include "common/base/ids.hpp"
#include "common/json/writer.hpp"
#include "common/net/media_type.hpp"
#include "control-plane/events/rollup.hpp"
#include "control-plane/http/problem.hpp"

namespace fanion::cp::events {

namespace {

using boost::asio::awaitable;

constexpr std::size_t bytes_per_row = 400;  // about

Result<Arrival> unpack(Encoding encoding, std::string body, const keys::RelayIdentity& identity, UnixMillis now,
                       bool has_sinks) {
    auto text = decompress(encoding, body, IngestApi::max_batch_bytes);
    if (!text) return text.error();
    const auto batch = wire::parse_event_batch(*text);
    if (!batch) return batch.error();
    if (auto allowed = check_batch(*batch, identity); !allowed) return allowed.error();
    Arrival arrival;
    arrival.batch_id = batch->batch;
    arrival.part = batch->part;
    arrival.relay = batch->relay;
    arrival.rows = roll_up(*batch, now);
    arrival.drops = drops_of(*batch);
    arrival.evaluations = batch->evaluations();
    arrival.exposures = batch->exposures.size();
    arrival.metrics = batch->metrics.size();
    arrival.units = unit_rows_of(*batch, now);
    arrival.bytes = std::max(text->size(), (1 + arrival.rows.size() + arrival.units.size()) * bytes_per_row);
    if (has_sinks) {
        arrival.bytes += body.size();
        arrival.sent = {batch->batch, encoding, text->size(), std::move(body)};
    }
    return arrival;
}

std::string receipt(const std::string& batch_id, bool duplicate) {
    std::string body;
    json::Writer(body).begin_object().member("batch", batch_id).member("duplicate", duplicate).end_object();
    return body;
}

}  // namespace

void IngestApi::add_routes(net::Router& router) {
    router.async(net::Method::post, "/relay/v1/events",
                 [this](net::Request& request) { return handle_events(request); });
}

awaitable<net::Response> IngestApi::handle_events(net::Request& request) {
    auto identity = co_await deps_.keys.authenticate(request.credential(has_api_key_form), deps_.clock.now());
    if (!identity) co_return http::problem(identity.error(), request);
    request.has_known_caller = true;
    auto org_id = identity->org_id;
    auto arrival = co_await read_batch(request, std::move(*identity));
    if (!arrival) {
        deps_.metrics.rejected.add();
        co_return http::problem(arrival.error(), request);
    }
    const auto batch_id = arrival->batch_id;
    const auto evaluations = arrival->evaluations;
    const auto exposures = arrival->exposures;
    const auto metrics = arrival->metrics;
    const auto drops = arrival->drops;
    const auto stored = co_await deps_.writer.store(std::move(org_id), std::move(*arrival));
    if (!stored) co_return http::problem(stored.error(), request);
    if (*stored == Receipt::divided) {
        deps_.metrics.divided.add();
        const Error error{Errc::too_large, "parts of the batch are stored already: send it in halves", {}};
        co_return http::problem(error, request);
    }
    const bool is_duplicate = *stored == Receipt::duplicate;
    if (is_duplicate) {
        deps_.metrics.duplicates.add();
    } else {
        deps_.metrics.batches.add();
        deps_.metrics.evaluations.add(evaluations);
        deps_.metrics.exposures.add(exposures);
        deps_.metrics.metrics.add(metrics);
        deps_.metrics.reported_drops.add(static_cast<std::uint64_t>(drops.counts + drops.exposures + drops.metrics));
    }
    co_return net::json_response(receipt(batch_id, is_duplicate));
}

awaitable<Result<Arrival>> IngestApi::read_batch(net::Request& request, keys::RelayIdentity identity) {
    if (!net::has_media_type(request.header("Content-Type"), "application/json")) {
        co_return Error{Errc::unsupported_media_type, "the body must be application/json"};
    }
    const auto encoding = parse_encoding(request.header("Content-Encoding"));
    if (!encoding) co_return Error{Errc::unsupported_media_type, "the content encoding must be gzip or zstd"};
    const auto work = [encoding = *encoding, body = std::string(request.body), granted = std::move(identity),
                       now = deps_.clock.now(), has_sinks = deps_.writer.has_sinks()] {
        return unpack(encoding, body, granted, now, has_sinks);
    };
    co_return co_await deps_.blocking.compute(work);
}

}  // namespace fanion::cp::events
