#include "common/net/connection.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "common/net/forwarded.hpp"
#include "common/net/request_builder.hpp"
#include "common/net/response_format.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t copied_body = 16 * 1024;     // larger bodies are written without a copy
constexpr std::size_t enough_to_send = 32 * 1024;  // responses to pipelined requests are joined up to this

ParserLimits parser_limits(const ServerLimits& limits) {
    return {.header_bytes = limits.header_bytes,
            .headers = limits.headers,
            .target_bytes = limits.target_bytes,
            .body_bytes = limits.body_bytes};
}

bool is_cancellation(const std::exception_ptr& failure) noexcept {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

std::string text_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "not a std::exception";
    }
}

}  // namespace

Connection::Connection(Socket socket, std::string peer, std::optional<IpAddress> proxy, ClientAddresses::Entry* address,
                       std::shared_ptr<ServerWorker> worker)
    : worker_(std::move(worker)),
      socket_(std::move(socket)),
      tls_(worker_->tls() ? std::make_unique<TlsSession>(worker_->tls(), socket_.native_handle()) : nullptr),
      is_https_(tls_ != nullptr),
      peer_(std::move(peer)),
      proxy_(proxy),
      address_(address),
      parser_(parser_limits(worker_->limits()), &worker_->bodies()) {}

Connection::~Connection() {
    if (phase_ != Phase::closed) worker_->on_end(*this);
}

// For the event loop's callbacks: a hook that throws, or a lack of memory, ends this connection only.
void Connection::guarded(void (Connection::*step)()) noexcept {
    try {
        (this->*step)();
    } catch (...) {
        record_exception(std::current_exception(), pattern_);
        close(Notify::handler);
    }
}

// Serves every complete request in the buffer, then waits for more bytes, for a handler or until it can write.
void Connection::process() {
    while (phase_ != Phase::closed) {
        if ((tail_ || out_.size() > enough_to_send) && !flush()) return;
        const auto state = parser_.parse();
        if (state == RequestParser::State::need_more) {
            if (flush()) wait_for_bytes();
            return;
        }
        if (state == RequestParser::State::failed) {
            worker_->count(bound_of_refusal(parser_.failure().status));
            fail_request(parser_.failure().status, parser_.failure().detail);
            return;
        }
        if (!serve()) return;
        if (close_after_answer_) return after_answer();
    }
}

// False when a handler was started; on_handler_done() then continues.
bool Connection::serve() {
    auto& request = parser_.request();
    identify_client();
    const auto match = worker_->router().match(request);
    if (!match.route) {
        worker_->router().refuse(request, response_, match);
        finish_answer({});
        parser_.next();
        return true;
    }
    const bool is_refused = match.route->is_websocket && refuse_upgrade();
    if (is_refused || serve_in_place(*match.route) == Attempt::answered) {
        finish_answer(match.route->pattern);
        parser_.next();
        return true;
    }
    spawn_handler(*match.route);
    return false;
}

void Connection::identify_client() {
    auto& request = parser_.request();
    request.peer = peer_;
    RequestBuilder::set_https(request, is_https_);
    if (proxy_) RequestBuilder::set_forwarded(request, read_forwarded(request, *proxy_, worker_->trusted_proxies()));
}

Attempt Connection::serve_in_place(const Route& route) {
    try {
        if (route.attempt) return route.attempt(parser_.request(), response_);
        if (!route.sync) return Attempt::must_wait;
        route.sync(parser_.request(), response_);
    } catch (...) {
        record_exception(std::current_exception(), route.pattern);
        refuse(500, internal_error_detail);
    }
    return Attempt::answered;
}

void Connection::spawn_handler(const Route& route) {
    if (!flush()) {
        // Earlier responses of a pipeline are written first; process() then comes back to this request.
        return;
    }
    phase_ = Phase::handling;
    worker_->on_not_waiting(*this);
    deadline_ = 0;
    handler_runs_ = true;
    worker_->on_handler_started();
    stream_started_ = stream_is_incomplete_ = false;
    pattern_ = route.pattern;
    if (route.stream && !reading_) parser_.shrink();
    auto task = route.stream ? stream_task(route) : run_async(ConnectionPtr(this), route);
    auto done = [self = ConnectionPtr(this)](std::exception_ptr failure) { self->on_handler_done(std::move(failure)); };
    asio::co_spawn(socket_.get_executor(), std::move(task),
                   asio::bind_cancellation_slot(cancel_handler_.slot(), std::move(done)));
}

asio::awaitable<void> Connection::run_async(ConnectionPtr self, const Route& route) {
    self->response_ = co_await route.async(self->parser_.request());
}

void Connection::on_handler_done(std::exception_ptr failure) {
    handler_runs_ = false;
    worker_->on_handler_ended();
    if (failure && !((phase_ == Phase::closed || stream_left_) && is_cancellation(failure))) {
        record_exception(failure, pattern_);
        refuse(500, internal_error_detail);
        if (close_code_) close_code_ = static_cast<std::uint16_t>(StreamEnd::failed);
    }
    if (phase_ == Phase::closed) return;
    if (stream_started_) return end_stream();
    // Posted, because a pipeline of handlers that never wait would otherwise recurse without limit.
    asio::post(socket_.get_executor(),
               [self = ConnectionPtr(this)] { self->guarded(&Connection::answer_for_handler); });
}

void Connection::answer_for_handler() {
    if (phase_ == Phase::closed) return;
    finish_answer(pattern_);
    parser_.next();
    if (close_after_answer_) return after_answer();
    process();
}

void Connection::refuse(unsigned status, std::string_view detail) {
    worker_->router().refuse(parser_.request(), response_, status, detail);
}

void Connection::record_exception(const std::exception_ptr& failure, std::string_view pattern) noexcept {
    worker_->counters.handler_exceptions.add();
    try {
        worker_->log().error("request_handler_failed", {{"server", worker_->server_name()},
                                                        {"route", pattern},
                                                        {"request_id", parser_.request().request_id()},
                                                        {"error", text_of(failure)}});
    } catch (...) {  // counted above; there is no memory to say more
    }
}

// Appends response_ to the bytes to be written.
void Connection::finish_answer(std::string_view pattern) {
    auto& request = parser_.request();
    if (request.has_known_caller && !std::exchange(has_known_caller_, true)) worker_->on_not_waiting(*this);
    if (worker_->hook()) worker_->hook()(request, response_, pattern);
    worker_->counters.requests[std::clamp(response_.status / 100, 1u, 5u) - 1].add();
    const bool keep_alive = parser_.keep_alive() && !response_.close && !worker_->is_draining();
    close_after_answer_ = !keep_alive;
    answered_ = true;
    const HeadOptions options{.date = worker_->date(), .keep_alive = keep_alive, .http10 = parser_.is_http10()};
    append_head(out_, response_, options);
    if (request.method != Method::head && response_.status != 204 && response_.status != 304) {
        if (response_.shared_body) {
            tail_ = std::move(response_.shared_body);
            rest_.assign(response_.shared_rest.rbegin(), response_.shared_rest.rend());
        } else if (response_.body.size() <= copied_body) {
            out_ += response_.body;
        } else {
            tail_ = std::make_shared<const std::string>(std::move(response_.body));
        }
    }
    response_.clear();
}

// The parser keeps its buffer: a read may still be under way into it.
void Connection::fail_request(unsigned status, std::string_view detail) {
    parser_.salvage();
    identify_client();
    refuse(status, detail);
    response_.close = true;
    if (status == 503) response_.set("Retry-After", "1");
    finish_answer({});
    after_answer();
}

}  // namespace fanion::net
