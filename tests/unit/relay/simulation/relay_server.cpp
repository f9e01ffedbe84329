#include "tests/unit/relay/simulation/relay_server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "common/net/request_builder.hpp"
#include "relay/serve/routes.hpp"

namespace fanion::test {

namespace asio = boost::asio;

namespace {

// Views of `from`.
void build(net::Request& request, const net::ClientRequest& from) {
    net::RequestBuilder::clear(request);
    request.method = from.method;
    request.body = from.body;
    net::RequestBuilder::set_target(request, from.target);
    for (const auto& [name, value] : from.headers) net::RequestBuilder::add_header(request, name, value);
}

net::ClientResponse response_of(const net::Response& response) {
    net::ClientResponse made{response.status, {}, std::string(response.bytes())};
    for (const auto& [name, value] : response.headers) made.headers.emplace_back(std::string(name), value);
    return made;
}

// The handler has ended, one way or another.
template <class PendingPtr>
struct Settle {
    PendingPtr to;
    ~Settle() { to->settle(std::nullopt); }
};

class ServerStream final : public net::SseStream {
public:
    ServerStream(Network& network, Hostility& hostility, PendingStream to)
        : network_(network), hostility_(hostility), to_(std::move(to)) {}
    ~ServerStream() override {
        if (channel_) channel_->cut();
    }

    asio::awaitable<Result<>> start(std::string_view, std::string_view, net::BodyEnd) override {
        channel_ = std::make_shared<Channel>();
        to_->settle(Opened{200, channel_});
        co_return Result<>();
    }
    asio::awaitable<Result<>> send(net::SharedBytes bytes) override {
        co_await asio::post(asio::use_awaitable);
        if (is_closed()) co_return Error{Errc::network, "the peer disconnected"};
        network_.write(*channel_, hostility_.of_events(*bytes));
        co_return Result<>();
    }
    asio::awaitable<Result<>> finish() override { co_return Result<>(); }
    bool is_closed() const noexcept override { return !channel_ || !channel_->is_open(); }

private:
    Network& network_;
    Hostility& hostility_;
    PendingStream to_;
    ChannelPtr channel_;
};

}  // namespace

bool Hostility::does(Fault fault) {
    const bool does = is_hostile_ && machine_.chance(20);
    if (does) count(fault);
    return does;
}

bool Hostility::withholds() { return does(Fault::middle_withheld); }

// One digit, so that a version, a time or a number of items is another; often the last of the version.
std::string Hostility::altered(std::string bytes) {
    const auto is_digit = [&](std::size_t at) { return at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9'; };
    const std::string_view version = R"("version":)";
    auto at = bytes.find(version);
    if (at != std::string::npos && machine_.chance(50)) {
        at = bytes.find_first_not_of("0123456789", at + version.size()) - 1;
    } else {
        at = bytes.find_first_of("0123456789", bytes.empty() ? 0 : machine_.below(bytes.size()));
    }
    if (is_digit(at)) bytes[at] = static_cast<char>('0' + (bytes[at] - '0' + 1) % 10);
    return bytes;
}

std::string Hostility::mixed(std::string bytes) {
    for (std::size_t at = 0; (at = bytes.find("id: e_", at)) != std::string::npos; at += 7)
        bytes[at + 6] = bytes[at + 6] == '1' ? '2' : '1';
    return bytes;
}

std::string Hostility::of_events(std::string events) {
    if (!is_hostile_) return std::exchange(held_back_, {}) + events;
    passed_.push_back(events);
    if (passed_.size() > 10) passed_.pop_front();
    if (does(Fault::middle_altered)) events = altered(std::move(events));
    if (does(Fault::middle_mixed)) events = mixed(std::move(events));
    if (does(Fault::middle_replayed)) events += passed_[machine_.below(passed_.size())];
    if (withholds()) return {};
    if (held_back_.empty() && does(Fault::middle_reordered)) return held_back_ = std::move(events), std::string();
    return events + std::exchange(held_back_, {});
}

void Hostility::of_response(const std::string& target, net::ClientResponse& response) {
    if (!is_hostile_ || response.status != 200 || target == "/relay/v1/events") return;
    const auto path = target.substr(0, target.find('?'));
    const auto other = mixed("id: " + path.substr(path.rfind('/') + 1)).substr(4);
    const auto is_other = [&](const auto& body) { return body.first != path && body.first.ends_with(other); };
    if (!bodies_.contains(path) || machine_.chance(30)) bodies_[path] = response.body;
    if (does(Fault::middle_replayed)) response.body = bodies_[path];
    const auto foreign = std::find_if(bodies_.begin(), bodies_.end(), is_other);
    if (foreign != bodies_.end() && does(Fault::middle_mixed)) response.body = foreign->second;
    if (does(Fault::middle_altered)) response.body = altered(std::move(response.body));
}

RelayServer::RelayServer(Network& network, net::TaskGroup& tasks, relay::serve::WorkerDeps& services,
                         Hostility& hostility)
    : network_(network), tasks_(tasks), hostility_(hostility) {
    relay::serve::add_routes(router_, services);
    network_.set_server(this);
}

RelayServer::~RelayServer() { network_.set_server(nullptr); }

void RelayServer::answer(net::ClientRequest request, PendingResponse to) {
    tasks_.spawn("request", run_request(std::move(request), std::move(to)));
}

void RelayServer::open(net::ClientRequest request, PendingStream to) {
    tasks_.spawn("stream", run_stream(std::move(request), std::move(to)));
}

asio::awaitable<void> RelayServer::run_request(net::ClientRequest request, PendingResponse to) {
    const Settle<PendingResponse> settle{to};
    if (hostility_.withholds()) co_return;
    net::Request asked;
    build(asked, request);
    const auto match = router_.match(asked);
    net::Response response;
    if (!match.route) {
        router_.refuse(asked, response, match);
    } else if (match.route->sync) {
        match.route->sync(asked, response);
    } else {
        auto answering = match.route->async(asked);
        response = co_await std::move(answering);
    }
    auto made = response_of(response);
    hostility_.of_response(request.target, made);
    to->settle(std::move(made));
}

asio::awaitable<void> RelayServer::run_stream(net::ClientRequest request, PendingStream to) {
    const Settle<PendingStream> settle{to};
    net::Request asked;
    build(asked, request);
    const auto match = router_.match(asked);
    if (!match.route || !match.route->stream) co_return;
    ServerStream stream(network_, hostility_, to);
    auto serving = match.route->stream(asked, stream);
    const auto response = co_await std::move(serving);
    to->settle(Opened{response.status, nullptr});  // where it was refused
}

}  // namespace fanion::test
