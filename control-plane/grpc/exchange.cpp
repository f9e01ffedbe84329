#include "control-plane/grpc/exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/base/text.hpp"
#include "common/net/request_builder.hpp"
#include "common/net/sse_stream.hpp"

namespace fanion::cp::grpc {
namespace asio = boost::asio;
using asio::awaitable;

namespace {

std::string text_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "not a std::exception";
    }
}

// Of an event in the form of server-sent events; empty for a comment or a setting.
std::string json_of_event(std::string_view event) {
    std::string_view name = "message";
    std::string_view data;
    for (auto line : split(event, '\n')) {
        if (line.starts_with("event: ")) name = line.substr(7);
        if (line.starts_with("data: ")) data = line.substr(6);  // JSON in one line
    }
    if (data.empty()) return {};
    std::string json = "{\"";
    return json.append(name).append("\":").append(data).append("}");
}

constexpr auto write_timeout = std::chrono::seconds(10);  // as of a connection (net::ServerLimits)

}  // namespace

// A handler's stream, whose events the receiver takes one by one.
class Exchange::Events final : public net::SseStream {
public:
    explicit Events(Exchange& exchange) : exchange_(exchange) {}

    awaitable<Result<>> start(std::string_view, std::string_view, net::BodyEnd) override {
        has_started_ = true;
        co_return boost::system::in_place_value;
    }
    awaitable<Result<>> send(net::SharedBytes bytes) override {
        std::string_view rest = *bytes;
        while (!rest.empty()) {
            const auto end = std::min(rest.find("\n\n"), rest.size());
            auto delivering = exchange_.deliver(rest.substr(0, end));
            const auto delivered = co_await std::move(delivering);
            if (!delivered) co_return delivered.error();
            rest.remove_prefix(std::min(end + 2, rest.size()));
        }
        co_return boost::system::in_place_value;
    }
    awaitable<Result<>> finish() override { co_return boost::system::in_place_value; }
    bool is_closed() const noexcept override { return exchange_.is_cancelled_; }

    bool has_started() const noexcept { return has_started_; }

private:
    Exchange& exchange_;
    bool has_started_ = false;
};

awaitable<Result<>> Exchange::deliver(std::string_view event) {
    auto json = json_of_event(event);
    if (json.empty()) co_return boost::system::in_place_value;
    is_taken_ = false;
    taken_timer_.expires_after(write_timeout);
    receiver_->on_event(std::move(json));
    co_await taken_timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (is_taken_) co_return boost::system::in_place_value;
    co_return Error{Errc::network, "the client took no event", {}};
}

void Exchange::on_taken(bool is_sent) {
    asio::post(port_.executor, [self = shared_from_this(), is_sent] {
        self->is_taken_ = is_sent;
        self->taken_timer_.cancel();
    });
}

void Exchange::start(std::shared_ptr<Receiver> receiver) {
    receiver_ = std::move(receiver);
    asio::post(port_.executor, [self = shared_from_this()] { self->run(); });
}

void Exchange::cancel() {
    asio::post(port_.executor, [self = shared_from_this()] {
        self->is_cancelled_ = true;
        self->cancellation_.emit(asio::cancellation_type::terminal);
    });
}

void Exchange::prepare() {
    using net::RequestBuilder;
    request_.method = rest_.method;
    RequestBuilder::set_target(request_, rest_.target);
    request_.body = rest_.body;
    request_.peer = rest_.peer;
    for (const auto& [name, value] : rest_.headers) RequestBuilder::add_header(request_, name, value);
    const auto proxy = parse_ip(rest_.peer);
    if (!proxy || !port_.trusted_proxies.contains(*proxy)) return;
    RequestBuilder::set_forwarded(request_, net::read_forwarded(request_, *proxy, port_.trusted_proxies));
}

void Exchange::run() {
    prepare();
    const auto match = port_.router.match(request_);
    if (!match.route) {
        port_.router.refuse(request_, response_, match);
        return finish();
    }
    if (is_cancelled_) return finish();
    pattern_ = match.route->pattern;
    auto self = shared_from_this();
    auto task = run_handler(self, *match.route);
    auto done = [self](std::exception_ptr failure) { self->on_handler_done(failure); };
    asio::co_spawn(port_.executor, std::move(task),
                   asio::bind_cancellation_slot(cancellation_.slot(), std::move(done)));
}

awaitable<void> Exchange::run_handler(std::shared_ptr<Exchange> self, const net::Route& route) {
    if (!route.stream) {
        self->response_ = co_await route.async(self->request_);
        co_return;
    }
    Events events(*self);
    self->response_ = co_await route.stream(self->request_, events);
    if (events.has_started()) self->response_ = net::empty_response(200);
}

void Exchange::on_handler_done(const std::exception_ptr& failure) {
    if (failure) {
        if (!is_cancelled_) {
            port_.log.error("request_handler_failed", {{"server", "grpc"},
                                                       {"route", pattern_},
                                                       {"request_id", request_.request_id()},
                                                       {"error", text_of(failure)}});
        }
        port_.router.refuse(request_, response_, 500, net::internal_error_detail);
    }
    finish();
}

void Exchange::finish() {
    if (is_cancelled_) {
        response_ = net::empty_response(cancelled_status);
    } else {
        port_.hook(request_, response_, pattern_);
    }
    auto receiver = std::move(receiver_);
    receiver->on_response(std::move(response_), request_.request_id());
}

}  // namespace fanion::cp::grpc
