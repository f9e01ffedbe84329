#pragma once

// The endpoints that relays use: their routes, who may use them, and those that are answered at once.
//
//   GET  /relay/v1/stream              relay_stream.hpp
//   GET  /relay/v1/heads               where streams do not pass: a stream's head and revoked events, and its end
//   GET  /relay/v1/rulesets/{env_id}   full ruleset or, with ?since=, a delta; ETag, 304, gzip, zstd
//   GET  /relay/v1/trust?from=N        the trust documents after version N, one after another
//   POST /relay/v1/status              204; what each relay holds
//
// Bearer keys of relays only: 401 for unknown ones, 403 for keys of another kind; an environment that the key does not grant
// does not exist for it: 404. 503 while the database is away or nothing was read from it yet. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/net/router.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/change_feed.hpp"
#include "control-plane/relays/relay_stream.hpp"

namespace fanion::cp::relays {

struct RelayApiServices {
    db::Pool& pool;
    keys::RelayKeys& keys;
    const publish::Catalog& catalog;
    publish::RulesetSource& source;
    const publish::TrustChain& trust;
    const publish::ChangeFeed& feed;
    RelayStream& stream;
    StreamHub& hub;
    const Clock& clock;
    Metrics& metrics;
};

class RelayApi {
public:
    explicit RelayApi(RelayApiServices services) : s_(services) {}

    boost::asio::awaitable<net::Response> handle_stream(net::Request& request, net::SseStream& stream);
    boost::asio::awaitable<net::Response> handle_heads(net::Request& request);
    boost::asio::awaitable<net::Response> handle_ruleset(net::Request& request);
    boost::asio::awaitable<net::Response> handle_trust(net::Request& request);
    boost::asio::awaitable<net::Response> handle_status(net::Request& request);

private:
    boost::asio::awaitable<Result<keys::RelayIdentity>> authenticate(net::Request& request);
    // Who asks and what they hold (Fanion-Have). Errors: as above, and invalid_input for a header that is none.
    boost::asio::awaitable<Result<RelayRequest>> read_relay_request(net::Request& request);
    boost::asio::awaitable<std::vector<wire::Manifest>> find_deleted(access::OrgId org_id, wire::Have have);
    boost::asio::awaitable<net::Response> ruleset(net::Request& request, access::EnvironmentId env_id);
    boost::asio::awaitable<Result<publish::Document>> find_document(access::EnvironmentId env_id,
                                                                    std::optional<wire::Version> since,
                                                                    std::string& name);
    net::Response refusal(const Error& error, net::Request& request);

    RelayApiServices s_;
};

// `api` must outlive the router.
void add_routes(net::Router& router, RelayApi& api);

}  // namespace fanion::cp::relays
