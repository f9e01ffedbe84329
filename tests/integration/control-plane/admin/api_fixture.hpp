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
#include "common/net/server.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/app/admin_routes.hpp"
#include "control-plane/flags/list_cache.hpp"
#include "control-plane/http/dispatch.hpp"
#include "control-plane/http/entity_tags.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/admissions.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/gate.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/registration.hpp"
#include "control-plane/identity/use_recorder.hpp"
#include "control-plane/live/change_hub.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/quotas/limits.hpp"
#include "control-plane/sign_on/provider_client.hpp"
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
    telemetry::Registry server_registry;
    cp::http::Metrics api_metrics{server_registry};
    cp::quotas::Metrics quota_metrics{server_registry};
    // Without limits of requests, unless a test sets them.
    cp::quotas::Limits limits{no_rates(), quota_metrics};
    static cp::quotas::LimitsConfig no_rates();
    const SealingKeys sealing = std::move(SealingKeys::parse(SealingKeys::make_text()).value());

private:
    Reply to_reply(net::ClientResponse response);
    boost::asio::awaitable<Reply> exchange(ApiRequest request);
    void start_server();

    net::Workers workers_{1};
    net::BlockingPool blocking_{2};
    net::TaskGroup background_{workers_.context(0).get_executor(), log};
    cp::db::Metrics server_pg_metrics_{server_registry};
    cp::publish::Metrics publish_metrics_{server_registry};
    cp::audit::AuditLimit audit_limit_;
    cp::db::Pool server_pool_;
    cp::db::Listener audit_listener_;
    cp::live::Metrics live_metrics_{server_registry};
    cp::live::StreamCounts live_counts_;
    cp::live::ChangeHub live_;
    cp::publish::Instance instance_;
    cp::publish::ImageCache images_;
    cp::publish::Signer signer_;
    cp::publish::Publisher publisher_;
    cp::identity::Passwords passwords_;
    cp::identity::AccessTokens tokens_;
    cp::identity::UseRecorder uses_;
    cp::identity::Admissions admissions_;
    cp::http::EntityTags entity_tags_;
    cp::flags::ListCache flag_lists_;
    cp::sign_on::Metrics sign_on_metrics_{server_registry};
    cp::sign_on::ProviderClient identity_providers_;
    cp::http::Services services_;
    std::unique_ptr<net::Server> server_;
    std::string origin_;
};

}  // namespace fanion::test
