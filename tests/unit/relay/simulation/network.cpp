#include "tests/unit/relay/simulation/network.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace fanion::test {

namespace asio = boost::asio;

namespace {

Network* present_network = nullptr;

Error lost() { return {Errc::network, "connection lost"}; }

asio::awaitable<void> wait(UnixMillis time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(time));
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await timer.async_wait(token);
}

}  // namespace

void Channel::wake() {
    if (reader_) reader_->cancel();
}

void Channel::send(std::string bytes, UnixMillis arrives) {
    if (!is_open()) return;
    if (!chunks_.empty()) arrives = std::max(arrives, chunks_.back().arrives);
    chunks_.push_back({arrives, std::move(bytes)});
    wake();
}

void Channel::close(UnixMillis arrives) {
    closes_ = chunks_.empty() ? arrives : std::max(arrives, chunks_.back().arrives);
    wake();
}

void Channel::cut() {
    is_cut_ = true;
    wake();
}

// The client's end.
class ChannelStream final : public net::ResponseStream {
public:
    ChannelStream(ChannelPtr channel, unsigned status, const Clock& clock)
        : channel_(std::move(channel)), status_(status), clock_(clock) {}
    ~ChannelStream() override {
        if (channel_) channel_->cut();
    }

    unsigned status() const noexcept override { return status_; }
    std::string_view header(std::string_view) const noexcept override { return {}; }
    asio::awaitable<Result<bool>> read_some(std::string& out, std::chrono::milliseconds idle) override {
        if (!channel_) co_return false;
        const auto deadline = clock_.now() + idle.count();
        for (;;) {
            auto& channel = *channel_;
            if (channel.is_cut_) co_return lost();
            if (!channel.chunks_.empty() && channel.chunks_.front().arrives <= clock_.now()) {
                out += channel.chunks_.front().bytes;
                channel.chunks_.pop_front();
                co_return true;
            }
            if (channel.chunks_.empty() && channel.closes_ && *channel.closes_ <= clock_.now()) co_return false;
            if (clock_.now() >= deadline) co_return Error{Errc::timed_out, "nothing came"};
            auto until = deadline;
            if (!channel.chunks_.empty()) until = std::min(until, channel.chunks_.front().arrives);
            if (channel.closes_) until = std::min(until, std::max(*channel.closes_, clock_.now() + 1));
            asio::steady_timer timer(co_await asio::this_coro::executor,
                                     std::chrono::milliseconds(until - clock_.now()));
            channel.reader_ = &timer;
            const auto token = asio::as_tuple(asio::use_awaitable);
            const Forget forget{channel_};
            co_await timer.async_wait(token);
        }
    }

private:
    struct Forget {  // also when the coroutine is destroyed
        ChannelPtr channel;
        ~Forget() { channel->reader_ = nullptr; }
    };
    ChannelPtr channel_;
    unsigned status_;
    const Clock& clock_;
};

Network::Network(Machine& machine) : machine_(machine) { present_network = this; }
Network::~Network() { present_network = nullptr; }

void Network::set_up(bool up) {
    up_ = up;
    if (up) return;
    for (const auto& weak : channels_) {
        if (const auto channel = weak.lock()) channel->cut();
    }
    channels_.clear();
}

void Network::end_client() {
    ++client_;
    const bool up = up_;
    set_up(false);
    up_ = up;
}

// In pieces, any of which may be late, damaged, repeated or the last.
void Network::write(Channel& to, std::string bytes) {
    if (is_troubled() && !old_bytes_.empty()) bytes = old_bytes_ + bytes;
    if (machine_.chance(20)) old_bytes_ = bytes;
    if (is_troubled()) bytes += bytes;
    if (is_troubled()) bytes = damaged(std::move(bytes));
    while (!bytes.empty()) {
        const auto size = machine_.chance(70) ? bytes.size() : 1 + machine_.below(bytes.size());
        const bool is_last = machine_.chance(trouble_ / 4);
        to.send(bytes.substr(0, size), machine_.now() + delay());
        if (is_last) return to.close(machine_.now() + 50);
        bytes.erase(0, size);
    }
}

std::string Network::damaged(std::string bytes) {
    if (bytes.empty()) return bytes;
    const auto at = machine_.below(bytes.size());
    switch (machine_.below(3)) {
        case 0:
            bytes.resize(at);
            break;
        case 1:
            bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1u << machine_.below(7)));
            break;
        default:
            bytes.erase(at, 1 + machine_.below(40));
            break;
    }
    return bytes;
}

// One request of a process.
class Exchange {
public:
    explicit Exchange(Network& of) : network_(of), client_(of.client_) {}

    asio::awaitable<Result<net::ClientResponse>> send(net::ClientRequest request) {
        const bool is_request_lost = network_.is_troubled();
        const bool is_answer_lost = network_.is_troubled();
        const bool is_sent_twice = network_.is_troubled();
        co_await wait(network_.delay());
        if (!is_possible() || is_request_lost) co_return lost();
        auto response = network_.server_->answer(request);
        if (is_sent_twice) response = network_.server_->answer(request);
        const auto path = request.target.substr(0, request.target.find('?'));
        if (network_.is_troubled() && network_.old_.contains(path)) response = network_.old_[path];
        if (network_.machine_.chance(20)) network_.old_[path] = response;
        if (network_.is_troubled()) response.body = network_.damaged(std::move(response.body));
        if (network_.is_troubled() && network_.machine_.chance(30)) response.status = 503;
        co_await wait(network_.delay());
        if (!is_possible() || is_answer_lost) co_return lost();
        co_return response;
    }

    asio::awaitable<Result<std::unique_ptr<net::ResponseStream>>> open(net::ClientRequest request) {
        const bool is_lost = network_.is_troubled();
        co_await wait(network_.delay());
        if (!is_possible() || is_lost) co_return lost();
        auto channel = network_.server_->open(request);
        if (channel) network_.channels_.push_back(channel);
        const unsigned status = channel ? 200 : 503;
        std::unique_ptr<net::ResponseStream> stream =
            std::make_unique<ChannelStream>(std::move(channel), status, network_.machine_);
        co_return stream;
    }

private:
    bool is_possible() const { return network_.up_ && network_.client_ == client_ && network_.server_; }
    Network& network_;
    std::uint64_t client_;
};

}  // namespace fanion::test

namespace fanion::net {

using fanion::test::Exchange;
using fanion::test::present_network;

struct HttpClient::Impl {};

Result<HttpClient> HttpClient::make(boost::asio::any_io_executor, ClientConfig) {
    return HttpClient(std::make_shared<Impl>());
}
HttpClient::HttpClient(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;
void HttpClient::set_tls(ClientTls) {}

boost::asio::awaitable<Result<ClientResponse>> HttpClient::send(ClientRequest request) {
    Exchange exchange(*present_network);
    auto sending = exchange.send(std::move(request));
    co_return co_await std::move(sending);
}

boost::asio::awaitable<Result<std::unique_ptr<ResponseStream>>> HttpClient::open_stream(ClientRequest request) {
    Exchange exchange(*present_network);
    auto opening = exchange.open(std::move(request));
    co_return co_await std::move(opening);
}

std::string_view ClientResponse::header(std::string_view name) const noexcept {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

}  // namespace fanion::net
