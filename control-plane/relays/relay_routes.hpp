#pragma once

// The endpoints that relays use.
//
//   GET  /relay/v1/stream              relay_stream.hpp
//   GET  /relay/v1/heads               where streams are blocked: a stream's head and revoked events, in one response
//   GET  /relay/v1/rulesets/{env_id}   full ruleset or, with ?since=, a delta; ETag, 304, gzip, zstd
//   GET  /relay/v1/trust?from=N        the trust documents after version N, one after another
//   POST /relay/v1/status              what the relay holds and which keys it saw used; 204
//
// All take a relay's key as bearer token: 401 for an unknown key, 403 for one of another kind. An
// environment that the key does not grant is answered as if it did not exist: 404. 503 while the
// database is unavailable or was not read yet. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/net/router.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/relays/relay_authenticator.hpp"
#include "control-plane/relays/relay_stream.hpp"

namespace fanion::cp::relays {

// The stream, and heads for those who poll.
class StreamApi {
public:
    struct Deps {
        RelayAuthenticator& authenticator;
        db::Pool& pool;
        const publish::Catalog& catalog;
        RelayStream& stream;
        StreamHub& hub;
    };
    explicit StreamApi(Deps deps) : deps_(deps) {}

    boost::asio::awaitable<net::Response> handle_stream(net::Request& request, net::SseStream& stream);
    boost::asio::awaitable<net::Response> handle_heads(net::Request& request);

private:
    // Which relay asks and what it holds (Fanion-Have). Errors: as above, and invalid_input for a
    // malformed header.
    boost::asio::awaitable<Result<RelayRequest>> read_relay_request(net::Request& request);
    boost::asio::awaitable<std::vector<wire::Manifest>> find_deleted(access::OrgId org_id, wire::Have have);

    Deps deps_;
};

// Signed documents: rulesets and trust.
class DocumentApi {
public:
    struct Deps {
        RelayAuthenticator& authenticator;
        const publish::Catalog& catalog;
        publish::RulesetSource& source;
        const publish::TrustChain& trust;
    };
    explicit DocumentApi(Deps deps) : deps_(deps) {}

    boost::asio::awaitable<net::Response> handle_ruleset(net::Request& request);
    boost::asio::awaitable<net::Response> handle_trust(net::Request& request);

private:
    boost::asio::awaitable<net::Response> ruleset_response(net::Request& request, publish::PublishedPtr shown,
                                                           std::optional<wire::Version> since);
    boost::asio::awaitable<Result<publish::SignedDocument>> find_document(publish::PublishedPtr shown,
                                                                          std::optional<wire::Version> since);

    Deps deps_;
};

// What relays report of themselves.
class StatusApi {
public:
    struct Deps {
        RelayAuthenticator& authenticator;
        db::Pool& pool;
        const Clock& clock;
        Metrics& metrics;
    };
    explicit StatusApi(Deps deps) : deps_(deps) {}

    boost::asio::awaitable<net::Response> handle_status(net::Request& request);

private:
    Deps deps_;
};

struct RelayApi {  // references: the three must outlive the router
    StreamApi& stream;
    DocumentApi& documents;
    StatusApi& status;
};
void add_routes(net::Router& router, RelayApi api);

}  // namespace fanion::cp::relays
