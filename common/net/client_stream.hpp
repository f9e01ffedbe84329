#pragma once

// ResponseStream over a ClientExchange whose headers have been read. One thread.

#include "common/net/client_exchange.hpp"

namespace fanion::net {

class ClientStream final : public ResponseStream {
public:
    explicit ClientStream(std::unique_ptr<ClientExchange> exchange) : exchange_(std::move(exchange)) {}

    unsigned status() const noexcept override { return exchange_->parser().status(); }
    std::string_view header(std::string_view name) const noexcept override {
        return find_header(exchange_->parser().headers(), name);
    }
    boost::asio::awaitable<Result<bool>> read_some(std::string& out, std::chrono::milliseconds idle) override;

private:
    bool take(std::string& out);

    std::unique_ptr<ClientExchange> exchange_;
    bool ended_ = false;
};

}  // namespace fanion::net
