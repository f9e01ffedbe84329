#pragma once

// One request and its answer over a ClientConnection, and what a request looks like as bytes. One thread.

#include "common/net/client_connection.hpp"
#include "common/net/http_client.hpp"
#include "common/net/response_parser.hpp"

namespace fanion::net {

// The whole request. Error: invalid_input when target or a header would break it.
Result<std::string> format_request(const Origin& origin, const ClientRequest& request);

// Whether sending it twice does no more than sending it once (RFC 9110 section 9.2.2).
bool is_safe_to_repeat(const ClientRequest& request);

class ClientExchange {
public:
    using Deadline = ClientConnection::Deadline;

    ClientExchange(std::shared_ptr<ClientConnection> connection, std::size_t body_limit, bool is_head);

    // Sends, and reads up to the end of the headers. Error as send(); has_answer() tells whether any byte came.
    boost::asio::awaitable<Result<>> begin(std::string_view request, Deadline deadline);
    boost::asio::awaitable<Result<>> read_body(Deadline deadline);
    // One read. False when the answer is complete.
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
