#include "common/net/client_stream.hpp"

namespace fanion::net {

namespace asio = boost::asio;

bool ClientStream::take(std::string& out) {
    const auto piece = exchange_->parser().take_body();
    out += piece;
    return !piece.empty();
}

// The first part of the body may have arrived together with the headers, the last one together with the end.
asio::awaitable<Result<bool>> ClientStream::read_some(std::string& out, std::chrono::milliseconds idle) {
    const auto deadline = std::chrono::steady_clock::now() + idle;
    while (!take(out)) {
        if (ended_) co_return false;
        auto more = co_await exchange_->read_some(deadline);
        if (!more) co_return more.error();
        ended_ = !*more;
    }
    co_return true;
}

}  // namespace fanion::net
