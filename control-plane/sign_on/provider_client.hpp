#pragma once

// Asks identity providers: for their metadata and key sets, which are kept (kept.hpp), and for the
// tokens of a code. Over HTTP or HTTPS, only at addresses that the policy of webhooks allows,
// without following redirects. Time, what is read of an answer, the number of requests at a time
// and the number of providers that are remembered are bounded. One thread (its executor's).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/net/http_client.hpp"
#include "common/telemetry/trace_place.hpp"
#include "control-plane/sign_on/discovery.hpp"
#include "control-plane/sign_on/id_token.hpp"
#include "control-plane/sign_on/kept.hpp"
#include "control-plane/sign_on/metrics.hpp"
#include "control-plane/webhooks/address_policy.hpp"

namespace fanion::cp::sign_on {

struct ProviderClientConfig {
    webhooks::AddressPolicy policy = {};
    net::ProxySettings proxies = {};
    net::ClientTls tls = {};  // whom https trusts; null: https is not spoken
    std::chrono::milliseconds timeout{5'000};
    net::Resolve lookup = net::resolve;
};

// A code that is exchanged for tokens.
struct CodeExchange {
    std::string client_id;
    std::string client_secret;  // empty: a public client
    std::string code;
    std::string verifier;
    std::string redirect_uri;
};

class ProviderClient {
public:
    // At a time. Of one provider few, so that one that does not answer does not hold up the others.
    static constexpr std::size_t most_requests = 256;
    static constexpr std::size_t most_requests_of_one = 8;
    static constexpr std::size_t most_remembered = 200;

    ProviderClient(boost::asio::any_io_executor executor, ProviderClientConfig config, const Clock& clock,
                   Metrics& metrics)
        : executor_(std::move(executor)), config_(std::move(config)), clock_(clock), metrics_(metrics) {}
    ProviderClient(const ProviderClient&) = delete;

    // For later requests.
    void set_tls(net::ClientTls tls) { config_.tls = std::move(tls); }
    Metrics& metrics() noexcept { return metrics_; }

    // `place`: of the caller's request, below which the spans of requests to the provider are.
    // Errors: unavailable, the provider cannot be reached and was not reached lately; those of
    // parse_metadata() as unavailable.
    using Metadata = std::shared_ptr<const ProviderMetadata>;
    boost::asio::awaitable<Result<Metadata>> metadata(std::string issuer, telemetry::TracePlace place);
    // Errors: unauthenticated with a finding provider_refused, the provider does not take the code;
    // unavailable.
    boost::asio::awaitable<Result<TokenAnswer>> exchange(Metadata metadata, CodeExchange exchange,
                                                         telemetry::TracePlace place);
    // Verifies the token with the provider's keys, which are fetched again when it is signed with
    // one that is not among them. Errors: those of split_token() and verify_token(); unavailable.
    boost::asio::awaitable<Result<Person>> verify(Metadata metadata, std::string id_token, ExpectedToken expected,
                                                  telemetry::TracePlace place);

private:
    using Keys = std::vector<JsonWebKey>;
    struct Remembered {
        Kept<ProviderMetadata> metadata;
        Kept<Keys> keys;
        UnixMillis used_at = 0;
        std::size_t requests = 0;  // under way
    };
    using Held = std::shared_ptr<Remembered>;
    // Of a request: whose provider, where, and for whom.
    struct Way {
        Held held;
        std::string url;
        telemetry::TracePlace place;
    };

    Held remembered(const std::string& issuer);
    boost::asio::awaitable<Result<std::shared_ptr<const Keys>>> keys_of(Metadata metadata, bool is_known_old,
                                                                        telemetry::TracePlace place);
    boost::asio::awaitable<Result<std::string>> fetch(Way way, std::size_t most_bytes);
    boost::asio::awaitable<Result<net::ClientResponse>> send(Way way, net::ClientRequest request,
                                                             std::size_t most_bytes);

    boost::asio::any_io_executor executor_;
    ProviderClientConfig config_;
    const Clock& clock_;
    Metrics& metrics_;
    std::size_t requests_ = 0;                // under way
    std::map<std::string, Held> remembered_;  // by issuer; shared with the requests
};

}  // namespace fanion::cp::sign_on
