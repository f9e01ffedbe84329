#pragma once

// The admin API as the signed-in person. An expired access token is renewed once and remembered.

#include <string>
#include <string_view>

#include "common/cli/credentials.hpp"
#include "common/net/http_client.hpp"

namespace fanion::cli {

struct AdminCall {
    net::Method method = net::Method::get;
    std::string path;  // below /api/v1
    std::string body = {};
    std::string content_type = "application/json";
    std::string if_match = {};
};

class AdminClient {
public:
    explicit AdminClient(Credentials credentials) : credentials_(std::move(credentials)) {}

    // 2xx only; everything else is the error it stands for.
    Result<net::ClientResponse> call(const AdminCall& call);

private:
    Result<net::ClientResponse> send(const AdminCall& call) const;
    Result<> renew();

    Credentials credentials_;
};

// POST of a JSON body without a credential: setup, login, refresh, logout.
Result<net::ClientResponse> post_open(const std::string& url, std::string_view path, std::string body);

// access_token and refresh_token of an answer to login or refresh.
Result<> take_tokens(const net::ClientResponse& response, Credentials& credentials);

}  // namespace fanion::cli
