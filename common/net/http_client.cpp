#include "common/net/http_client.hpp"

#include <limits>

#include "common/net/client_exchange.hpp"
#include "common/net/client_span.hpp"
#include "common/net/client_stream.hpp"
#include "common/net/tls.hpp"

namespace fanion::net {

namespace asio = boost::asio;
using std::chrono::steady_clock;

struct HttpClient::Impl {
    using Self = std::shared_ptr<Impl>;
    using Deadline = steady_clock::time_point;
    using Exchange = std::unique_ptr<ClientExchange>;

    asio::any_io_executor executor;
    ClientConfig config;
    Origin origin;
    std::shared_ptr<asio::ssl::context> tls;
    std::shared_ptr<ClientConnection> idle;

    std::shared_ptr<ClientConnection> take_idle() {
        auto connection = std::exchange(idle, nullptr);
        return connection && !connection->is_stale() ? connection : nullptr;
    }
    static asio::awaitable<Result<std::shared_ptr<ClientConnection>>> connect(Self self, Deadline deadline);
    static asio::awaitable<Result<Exchange>> begin(Self self, ClientRequest request, std::size_t body_limit);
    static asio::awaitable<Result<ClientResponse>> exchange_all(Self self, ClientRequest request);
    static asio::awaitable<Result<ClientResponse>> send(Self self, ClientRequest request);
    static asio::awaitable<Result<std::unique_ptr<ResponseStream>>> open_stream(Self self, ClientRequest request);
};

asio::awaitable<Result<std::shared_ptr<ClientConnection>>> HttpClient::Impl::connect(Self self, Deadline deadline) {
    auto connection = std::make_shared<ClientConnection>(self->executor, self->tls);
    const auto limit = std::min(deadline, steady_clock::now() + self->config.connect_timeout);
    const auto* const proxy = self->config.proxies.proxy_for(self->origin);
    auto connected = co_await connection->connect(self->origin, limit, self->config.resolve, proxy);
    if (!connected) co_return connected.error();
    co_return connection;
}

// Up to the response's headers: over the idle connection or, if that turns out to be closed, over a new one.
asio::awaitable<Result<HttpClient::Impl::Exchange>> HttpClient::Impl::begin(Self self, ClientRequest request,
                                                                            std::size_t body_limit) {
    const auto deadline = steady_clock::now() + self->config.request_timeout;
    auto bytes = format_request(self->origin, request);
    if (!bytes) co_return bytes.error();
    const bool is_head = request.method == Method::head;
    if (auto kept = self->take_idle()) {
        auto exchange = std::make_unique<ClientExchange>(std::move(kept), body_limit, is_head);
        auto begun = co_await exchange->begin(*bytes, deadline);
        if (begun) co_return exchange;
        const bool stale = begun.error().code == Errc::network && !exchange->has_answer();
        if (!stale || !is_safe_to_repeat(request)) co_return begun.error();
    }
    auto fresh = co_await connect(self, deadline);
    if (!fresh) co_return fresh.error();
    auto exchange = std::make_unique<ClientExchange>(std::move(*fresh), body_limit, is_head);
    auto begun = co_await exchange->begin(*bytes, deadline);
    if (!begun) co_return begun.error();
    co_return exchange;
}

asio::awaitable<Result<ClientResponse>> HttpClient::Impl::exchange_all(Self self, ClientRequest request) {
    const auto deadline = steady_clock::now() + self->config.request_timeout;
    auto exchange = co_await begin(self, std::move(request), self->config.body_limit);
    if (!exchange) co_return exchange.error();
    auto& parser = (*exchange)->parser();
    auto read = co_await (*exchange)->read_body(deadline);
    if (!read) co_return read.error();
    if (parser.keep_alive()) self->idle = (*exchange)->connection();
    ClientResponse response;
    response.status = parser.status();
    response.headers = std::move(parser.headers());
    response.body = parser.take_body();
    co_return response;
}

asio::awaitable<Result<ClientResponse>> HttpClient::Impl::send(Self self, ClientRequest request) {
    auto span = open_client_span(self->origin, request);
    auto response = co_await exchange_all(std::move(self), std::move(request));
    if (response) note_outcome(span, response->status);
    if (!response) note_outcome(span, response.error());
    co_return response;
}

asio::awaitable<Result<std::unique_ptr<ResponseStream>>> HttpClient::Impl::open_stream(Self self,
                                                                                       ClientRequest request) {
    auto span = open_client_span(self->origin, request);
    auto exchange = co_await begin(self, std::move(request), std::numeric_limits<std::size_t>::max());
    if (!exchange) {
        note_outcome(span, exchange.error());
        co_return exchange.error();
    }
    note_outcome(span, (*exchange)->parser().status());
    std::unique_ptr<ResponseStream> stream = std::make_unique<ClientStream>(std::move(*exchange));
    co_return stream;
}

std::string_view ClientResponse::header(std::string_view name) const noexcept { return find_header(headers, name); }

Result<HttpClient> HttpClient::make(asio::any_io_executor executor, ClientConfig config) {
    auto origin = parse_origin(config.origin);
    if (!origin) return origin.error();
    auto impl = std::make_shared<Impl>();
    if (origin->tls && config.tls) {
        impl->tls = config.tls;
    } else if (origin->tls) {
        auto tls = make_client_tls(config.ca_file);
        if (!tls) return tls.error();
        impl->tls = std::move(*tls);
    }
    impl->executor = std::move(executor);
    impl->config = std::move(config);
    impl->origin = std::move(*origin);
    return HttpClient(std::move(impl));
}

void HttpClient::set_tls(ClientTls tls) {
    if (!impl_->origin.tls) return;
    impl_->tls = std::move(tls);
    impl_->idle.reset();  // it was verified against the old authorities
}

HttpClient::HttpClient(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

asio::awaitable<Result<ClientResponse>> HttpClient::send(ClientRequest request) {
    return Impl::send(impl_, std::move(request));
}

asio::awaitable<Result<std::unique_ptr<ResponseStream>>> HttpClient::open_stream(ClientRequest request) {
    return Impl::open_stream(impl_, std::move(request));
}

}  // namespace fanion::net
