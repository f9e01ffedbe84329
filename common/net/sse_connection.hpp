#pragma once

// SseStream over a Connection. Lives in the frame of the connection's handler coroutine. One
// thread.

#include "common/net/connection.hpp"
#include "common/net/sse_stream.hpp"

namespace fanion::net {

class SseConnection final : public SseStream {
public:
    explicit SseConnection(ConnectionPtr connection) : connection_(std::move(connection)) {}

    boost::asio::awaitable<Result<>> start(std::string_view extra_headers, std::string_view content_type,
                                           BodyEnd end) override;
    boost::asio::awaitable<Result<>> send(SharedBytes bytes) override;
    boost::asio::awaitable<Result<>> finish() override;
    bool is_closed() const noexcept override { return connection_->phase_ == Connection::Phase::closed; }

private:
    Error closed_error() const;
    boost::asio::awaitable<Result<>> write(std::string_view bytes);

    const ConnectionPtr connection_;
    bool is_chunked_ = false;
};

}  // namespace fanion::net
