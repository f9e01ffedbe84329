#pragma once

// Calls the admin API as the signed-in user. An expired access token is renewed once per call and
// saved; of several processes, one renews it and the others take its result. Blocks; not
// thread-safe.

#include <string>
#include <string_view>

#include "common/cli/credentials.hpp"
#include "common/cli/exchange.hpp"
#include "common/net/http_client.hpp"

namespace fanion::cli {

struct AdminCall {
    net::Method method = net::Method::get;
    std::string path;  // below /api/v1
    std::string body = {};
    std::string content_type = "application/json";
    std::string if_match = {};
    std::string last_event_id = {};
};

// `path` with the query parameter `comment`, which the audit entry of a change has; without one if
// the comment is empty.
std::string with_comment(std::string path, std::string_view comment);

class AdminClient {
public:
    explicit AdminClient(Credentials credentials) : credentials_(std::move(credentials)) {}

    // Returns 2xx responses; any other response becomes an error (error_of() in exchange.hpp).
    // Further errors: those of exchange(); unauthenticated if the session has expired.
    Result<net::ClientResponse> call(const AdminCall& call);
    // The same, with the body handed to `take` as it arrives. Further error: timed_out.
    Result<> stream(const AdminCall& call, const TakeBytes& take);

private:
    net::ClientRequest request_of(const AdminCall& call) const;
    Result<net::ClientResponse> send(const AdminCall& call) const;
    Result<> renew();

    Credentials credentials_;
};

// Sends a POST with a JSON body and without a credential: setup, reset, login and refresh. Errors:
// those of AdminClient::call().
Result<net::ClientResponse> post_open(const std::string& url, std::string_view path, std::string body);

// Copies access_token and refresh_token from the response to login or refresh. Error: internal if
// they are missing.
Result<> read_tokens(const net::ClientResponse& response, Credentials& credentials);

}  // namespace fanion::cli
