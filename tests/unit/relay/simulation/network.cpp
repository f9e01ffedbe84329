#include "tests/unit/relay/simulation/network.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "common/base/compression.hpp"

namespace fanion::test {

namespace asio = boost::asio;

namespace {

std::map<std::string, Network*>& networks() {  // by origin
    static std::map<std::string, Network*> all;
    return all;
}

Error lost() { return {Errc::network, "connection lost"}; }

asio::awaitable<void> wait(UnixMillis time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(time));
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await timer.async_wait(token);
}

// A batch as another that has the same content.
std::string renamed_batch(const std::string& body) {
    auto text = decompress(Encoding::zstd, body, 1 << 24).value();
    const auto at = text.find(R"("batch":")");
    return compress(Encoding::zstd, text.insert(at + 9, "x"));
}

}  // namespace

template <class Answer>
asio::awaitable<std::optional<Answer>> Pending<Answer>::wait(std::chrono::milliseconds limit) {
    if (!is_settled_) {
        asio::steady_timer timer(co_await asio::this_coro::executor, limit);
        waiter_ = &timer;
        struct Forget {  // also when the coroutine is destroyed
            asio::steady_timer*& waiter;
            ~Forget() { waiter = nullptr; }
        };
        const Forget forget{waiter_};
        const auto token = asio::as_tuple(asio::use_awaitable);
        co_await timer.async_wait(token);
    }
    is_settled_ = true;
    co_return std::move(answer_);
}

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

Network::Network(Machine& machine, std::string origin) : machine_(machine), origin_(std::move(origin)) {
    networks()[origin_] = this;
}
Network::~Network() { networks().erase(origin_); }

bool Network::meets(Fault fault) {
    const bool does = is_troubled();
    if (does) count(fault);
    return does;
}

void Network::set_server(Server* server) {
    server_ = server;
    if (!server) cut_streams();
}

void Network::set_up(bool up) {
    if (up_ && !up) count(Fault::link_down);
    up_ = up;
    if (!up) cut_streams();
}

void Network::cut_streams() {
    for (const auto& weak : channels_) {
        if (const auto channel = weak.lock()) channel->cut();
    }
    channels_.clear();
}

void Network::end_client() {
    if (!std::exchange(has_client_, false)) return;
    ++client_;
    cut_streams();
}

// In pieces, any of which may be late, damaged, repeated or the last.
void Network::write(Channel& to, std::string bytes) {
    if (!old_bytes_.empty() && meets(Fault::stream_replayed)) bytes = old_bytes_ + bytes;
    if (machine_.chance(20)) old_bytes_ = bytes;
    if (meets(Fault::stream_repeated)) bytes += bytes;
    if (meets(Fault::stream_damaged)) bytes = damaged(std::move(bytes));
    while (!bytes.empty()) {
        const auto size = machine_.chance(70) ? bytes.size() : 1 + machine_.below(bytes.size());
        const bool is_last = machine_.chance(trouble_ / 4);
        to.send(bytes.substr(0, size), machine_.now() + delay());
        if (is_last) return count(Fault::stream_cut), to.close(machine_.now() + 50);
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
        const bool is_request_lost = network_.meets(Fault::request_lost);
        const bool is_answer_lost = network_.meets(Fault::answer_lost);
        const bool is_sent_twice = network_.meets(Fault::request_sent_twice);
        co_await wait(network_.delay());
        if (!is_possible() || is_request_lost) co_return lost();
        if (is_sent_twice) network_.server_->answer(request, std::make_shared<Pending<net::ClientResponse>>());
        if (planted() == Plant::batch_renamed && request.target == "/relay/v1/events") {
            auto other = request;
            other.body = renamed_batch(request.body);
            network_.server_->answer(std::move(other), std::make_shared<Pending<net::ClientResponse>>());
        }
        const auto path = request.target.substr(0, request.target.find('?'));
        const auto pending = std::make_shared<Pending<net::ClientResponse>>();
        network_.server_->answer(std::move(request), pending);
        auto answered = co_await pending->wait(limit);
        if (!answered) co_return lost();
        auto response = changed(path, std::move(*answered));
        co_await wait(network_.delay());
        if (!is_possible() || is_answer_lost) co_return lost();
        co_return response;
    }

    asio::awaitable<Result<std::unique_ptr<net::ResponseStream>>> open(net::ClientRequest request) {
        const bool is_lost = network_.meets(Fault::request_lost);
        co_await wait(network_.delay());
        if (!is_possible() || is_lost) co_return lost();
        const auto pending = std::make_shared<Pending<Opened>>();
        network_.server_->open(std::move(request), pending);
        auto opened = co_await pending->wait(limit);
        if (!opened || !is_possible()) co_return lost();
        if (opened->channel) network_.channels_.push_back(opened->channel);
        std::unique_ptr<net::ResponseStream> stream =
            std::make_unique<ChannelStream>(std::move(opened->channel), opened->status, network_.machine_);
        co_return stream;
    }

private:
    static constexpr std::chrono::milliseconds limit{10'000};

    net::ClientResponse changed(const std::string& path, net::ClientResponse response) {
        auto& old = network_.old_;
        if (old.contains(path) && network_.meets(Fault::answer_replayed)) response = old[path];
        if (network_.machine_.chance(20) && !refuses_batch(path, response)) old[path] = response;
        if (network_.meets(Fault::answer_damaged)) response.body = network_.damaged(std::move(response.body));
        if (network_.machine_.chance(30) && network_.meets(Fault::answer_refused)) response.status = 503;
        return response;
    }
    // A refusal does not name its batch: a relay has to take a replayed one for the answer to a batch that was stored.
    static bool refuses_batch(const std::string& path, const net::ClientResponse& response) {
        return path == "/relay/v1/events" && response.status != 200;
    }
    bool is_possible() const {
        return network_.up_ && network_.has_client_ && network_.client_ == client_ && network_.server_;
    }
    Network& network_;
    std::uint64_t client_;
};

}  // namespace fanion::test

namespace fanion::net {

using fanion::test::Exchange;

struct HttpClient::Impl {
    fanion::test::Network& network;
    unsigned streams = 0;  // that were opened
};

Result<HttpClient> HttpClient::make(boost::asio::any_io_executor, ClientConfig config) {
    return HttpClient(std::make_shared<Impl>(Impl{*fanion::test::networks().at(config.origin)}));
}
HttpClient::HttpClient(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;
void HttpClient::set_tls(ClientTls) {}

boost::asio::awaitable<Result<ClientResponse>> HttpClient::send(ClientRequest request) {
    Exchange exchange(impl_->network);
    auto sending = exchange.send(std::move(request));
    co_return co_await std::move(sending);
}

boost::asio::awaitable<Result<std::unique_ptr<ResponseStream>>> HttpClient::open_stream(ClientRequest request) {
    using fanion::test::Plant;
    if (fanion::test::planted() == Plant::stream_not_resumed && impl_->streams > 0)
        co_await fanion::test::wait(365L * 86'400'000);
    ++impl_->streams;
    Exchange exchange(impl_->network);
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
