#pragma once

// The admin API on a loopback server with a real PostgreSQL and the real publisher. The server has
// a thread of its own; the test's thread sends the requests. Argon2id runs with low cost
// parameters.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/sealing.hpp"
#include "common/json/document.hpp"
#include "common/net/http_client.hpp"
#include "control-plane/http/metrics.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/registration.hpp"
#include "control-plane/quotas/limits.hpp"
#include "control-plane/webhooks/address_policy.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace fanion::test {

struct Reply {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::shared_ptr<json::Document> document;  // null if the body is not JSON

    std::string header(std::string_view name) const;
    std::string etag() const { return header("ETag"); }
    // The JSON at a pointer as text, strings without quotes; "" if there is none.
    std::string at(std::string_view pointer) const;
    // "pointer code" of each error of the problem.
    std::vector<std::string> errors() const;
};

struct ApiRequest {
    net::Method method = net::Method::get;
    std::string path = {};  // below the origin
    std::string token = {};
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};  // Content-Type is added if there is a body
};

class ApiFixture : public PostgresFixture {
public:
    ApiFixture();
    ~ApiFixture();

    Reply send(ApiRequest request);
    std::vector<Reply> send_at_once(std::vector<ApiRequest> requests);  // each on a connection of its own

    Reply get(const std::string& path, const std::string& token);
    Reply post(const std::string& path, const std::string& token, std::string body);
    Reply put(const std::string& path, const std::string& token, std::string body, std::string if_match = "");
    Reply patch(const std::string& path, const std::string& token, std::string body, std::string if_match = "");
    Reply del(const std::string& path, const std::string& token, std::string if_match = "");

    // Creates the first owner and returns their access token.
    std::string bootstrap_owner(const std::string& org, const std::string& email);
    std::string setup(const std::string& setup_token, const std::string& password = default_password);
    // Invites a person, sets up their account, and returns their access token.
    std::string add_member(const std::string& inviter, const std::string& org, const std::string& email,
                           const std::string& role);
    static constexpr const char* default_password = "a password of some length";

    // Waits until work started by completed requests has finished.
    void await_background();

    const std::string& origin() const noexcept { return origin_; }

    ManualClock clock;
    cp::identity::Registration registration;  // set between requests
    cp::identity::PublicUrl public_url;
    // Receivers, servers and providers of tests are on this machine. Set between requests.
    cp::webhooks::AddressPolicy addresses = cp::webhooks::AddressPolicy::make({"127.0.0.0/8"}).value();
    telemetry::Registry server_registry;
    cp::http::Metrics api_metrics{server_registry};
    cp::quotas::Metrics quota_metrics{server_registry};
    // Without limits of requests, unless a test sets them.
    cp::quotas::Limits limits{no_rates(), quota_metrics};
    static cp::quotas::LimitsConfig no_rates();
    const SealingKeys sealing = SealingKeys::parse(SealingKeys::make_text()).value();

private:
    struct Server;

    boost::asio::awaitable<Reply> exchange(ApiRequest request);

    std::unique_ptr<Server> server_;
    std::string origin_;
};

}  // namespace fanion::test
