#include "tests/integration/relay/fake_control_plane.hpp"

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/net/task_group.hpp"

namespace fanion::test {

using std::chrono::milliseconds;

FakeControlPlane::FakeControlPlane(std::uint16_t port) {
    net::ServerConfig config;
    config.name = "fake";
    config.port = port;
    config.limits.body_bytes = 1024 * 1024;
    const auto router = [this](unsigned) { return make_router(); };
    const auto hook = [](unsigned) { return net::ResponseHook(); };
    server_ = net::Server::listen(workers_, std::move(config), router, hook, log_).value();
    workers_.start();
}

FakeControlPlane::~FakeControlPlane() {
    server_->stop_accepting();
    server_->cut();
    workers_.stop();
    workers_.join();
}

std::string FakeControlPlane::url() const { return "http://127.0.0.1:" + std::to_string(port()); }

net::Router FakeControlPlane::make_router() {
    net::Router router;
    router.stream(net::Method::get, "/relay/v1/stream",
                  [this](net::Request& request, net::SseStream& stream) { return handle_stream(request, stream); });
    router.sync(net::Method::get, "/relay/v1/heads",
                [this](net::Request& request, net::Response& response) { handle_heads(request, response); });
    router.sync(net::Method::get, "/relay/v1/rulesets/{env_id}",
                [this](net::Request& request, net::Response& response) { handle_ruleset(request, response); });
    router.sync(net::Method::get, "/relay/v1/trust",
                [this](net::Request& request, net::Response& response) { is_refused(request, response); });
    router.sync(net::Method::post, "/relay/v1/status", [this](net::Request& request, net::Response& response) {
        if (is_refused(request, response)) return;
        std::lock_guard lock(mutex_);
        statuses_.emplace_back(request.body);
        response.status = 204;
    });
    router.sync(net::Method::post, "/relay/v1/events", [this](net::Request& request, net::Response& response) {
        if (!is_refused(request, response)) response.body = R"({"duplicate":false})";
    });
    return router;
}

bool FakeControlPlane::is_refused(net::Request& request, net::Response& response) {
    std::lock_guard lock(mutex_);
    key_ = request.credential(fanion::has_api_key_form);
    if (refusal_ == 0) return false;
    response.status = refusal_;
    return true;
}

void FakeControlPlane::handle_heads(net::Request& request, net::Response& response) {
    if (is_refused(request, response)) return;
    ++heads_asked_;
    std::lock_guard lock(mutex_);
    have_ = request.header("Fanion-Have");
    response.status = heads_.empty() ? 404 : 200;
    response.content_type = "text/event-stream";
    response.body = heads_;
}

void FakeControlPlane::handle_ruleset(net::Request& request, net::Response& response) {
    if (is_refused(request, response)) return;
    ++fetches_;
    std::lock_guard lock(mutex_);
    const auto at = rulesets_.find(std::string(request.param("env_id")));
    if (at == rulesets_.end()) {
        response.status = 404;
        return;
    }
    response.content_type = "application/vnd.fanion.ruleset.v1";
    response.body = at->second;
}

boost::asio::awaitable<net::Response> FakeControlPlane::handle_stream(net::Request& request, net::SseStream& stream) {
    net::Response refused;
    if (is_refused(request, refused)) co_return refused;
    {
        std::lock_guard lock(mutex_);
        have_ = request.header("Fanion-Have");
    }
    const auto started = co_await stream.start();
    if (!started) co_return net::Response{};
    if (muted_) {
        ++streams_opened_;
        co_return net::Response{};
    }
    co_await feed(stream);
    --streams_open_;
    co_return net::Response{};
}

boost::asio::awaitable<void> FakeControlPlane::feed(net::SseStream& stream) {
    std::vector<net::SharedBytes> ready;
    unsigned generation = 0;
    std::size_t next = 0;
    {
        std::lock_guard lock(mutex_);
        generation = generation_;
        next = pushed_.size();
        ready.push_back(std::make_shared<const std::string>(": hello\n\n" + greeting_));
        // Counted under the lock: what is pushed after the count was seen is sent on this stream.
        ++streams_opened_;
        ++streams_open_;
    }
    for (;;) {
        for (auto& bytes : ready) {
            const auto sent = co_await stream.send(std::move(bytes));
            if (!sent) co_return;
        }
        ready.clear();
        {
            std::lock_guard lock(mutex_);
            for (; next < pushed_.size(); ++next) ready.push_back(pushed_[next]);
            if (ready.empty() && generation != generation_) co_return;
        }
        if (stream.is_closed()) co_return;
        if (!ready.empty()) continue;
        if (const bool slept = co_await net::sleep_for(milliseconds(2)); !slept) co_return;
    }
}

void FakeControlPlane::push(wire::StreamEvent event, const std::string& env_id, wire::Version version,
                            const std::string& document) {
    push_raw(wire::format_event(event, env_id, version, document));
}

void FakeControlPlane::push_raw(std::string bytes) {
    std::lock_guard lock(mutex_);
    pushed_.push_back(std::make_shared<const std::string>(std::move(bytes)));
}

void FakeControlPlane::set_greeting(std::string bytes) {
    std::lock_guard lock(mutex_);
    greeting_ = std::move(bytes);
}

void FakeControlPlane::end_streams() {
    std::lock_guard lock(mutex_);
    ++generation_;
}

void FakeControlPlane::set_ruleset(const std::string& env_id, std::string document) {
    std::lock_guard lock(mutex_);
    rulesets_[env_id] = std::move(document);
}

void FakeControlPlane::set_heads(std::string events) {
    std::lock_guard lock(mutex_);
    heads_ = std::move(events);
}

void FakeControlPlane::refuse_with(unsigned status) { refusal_ = status; }

std::string FakeControlPlane::last_have() const {
    std::lock_guard lock(mutex_);
    return have_;
}

std::string FakeControlPlane::last_key() const {
    std::lock_guard lock(mutex_);
    return key_;
}

std::string FakeControlPlane::last_status() const {
    std::lock_guard lock(mutex_);
    return statuses_.empty() ? "" : statuses_.back();
}

unsigned FakeControlPlane::statuses_with(const std::string& part) const {
    std::lock_guard lock(mutex_);
    return static_cast<unsigned>(std::count_if(statuses_.begin(), statuses_.end(), [&](const std::string& status) {
        return status.find(part) != std::string::npos;
    }));
}

}  // namespace fanion::test
