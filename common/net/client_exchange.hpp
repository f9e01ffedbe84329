#pragma once

// One request and its response over a ClientConnection, and the formatting of requests. One thread.

#include "common/net/client_connection.hpp"
#include "common/net/http_client.hpp"
#include "common/net/response_parser.hpp"

namespace fanion::net {

// The whole request as bytes. Error: invalid_input when the target or a header contains characters
// that would break it.
Result<std::string> format_request(const Origin& origin, const ClientRequest& request);

// Whether sending it twice does no more than sending it once (RFC 9110 section 9.2.2).
bool is_safe_to_repeat(const ClientRequest& request);

class ClientExchange {
public:
    using Deadline = ClientConnection::Deadline;

    ClientExchange(std::shared_ptr<ClientConnection> connection, std::size_t body_limit, bool is_head);

    // Sends the request and reads up to the end of the response's headers. Errors: as of
    // HttpClient::send. has_answer() tells whether any byte was received.
    boost::asio::awaitable<Result<>> begin(std::string_view request, Deadline deadline);
    boost::asio::awaitable<Result<>> read_body(Deadline deadline);
    // Reads once. False when the response is complete.
    boost::asio::awaitable<Result<bool>> read_some(Deadline deadline);

    bool has_answer() const noexcept { return has_answer_; }
    ResponseParser& parser() noexcept { return parser_; }
    const std::shared_ptr<ClientConnection>& connection() const noexcept { return connection_; }

private:
    Result<bool> outcome_of(ResponseParser::State state);

    std::shared_ptr<ClientConnection> connection_;
    ResponseParser parser_;
    bool has_answer_ = false;
    bool complete_ = false;
};

std::string_view find_header(const std::vector<std::pair<std::string, std::string>>& headers,
                             std::string_view name) noexcept;

}  // namespace fanion::net
