#pragma once

// POST /relay/v1/events (events.md): a relay's batch, stored once (batch_writer.hpp).
//
//     200 {"batch":"<id>","duplicate":false}     stored; true when it had been stored before
//     400 malformed, 401/403 the key, 413 too large when unpacked, or parts of it are stored already,
//     415 content type or encoding,
//     422 something in it cannot be stored (each place named), 503 the database is unavailable
//
// One thread (its I/O thread); unpacking, parsing and adding up run on the blocking pool.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/clock.hpp"
#include "common/json/limits.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "common/net/router.hpp"
#include "control-plane/events/batch_writer.hpp"
#include "control-plane/events/ingest_metrics.hpp"
#include "control-plane/keys/relay_keys.hpp"

namespace fanion::cp::events {

class IngestApi {
public:
    static constexpr std::size_t max_batch_bytes = limits::request_body_bytes;  // unpacked

    struct Deps {
        keys::RelayKeys& keys;
        net::BlockingPool& blocking;
        const Clock& clock;
        IngestMetrics& metrics;
        BatchWriter& writer;
    };
    explicit IngestApi(Deps deps) : deps_(deps) {}

    void add_routes(net::Router& router);
    boost::asio::awaitable<net::Response> handle_events(net::Request& request);

private:
    boost::asio::awaitable<Result<Arrival>> read_batch(net::Request& request, keys::RelayIdentity identity);

    Deps deps_;
};

}  // namespace fanion::cp::events
