#include "relay/forward/shipper.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/base/compression.hpp"
#include "common/json/document.hpp"
#include "common/net/task_group.hpp"
#include "relay/forward/outgoing_batch.hpp"
#include "relay/forward/parts.hpp"

namespace fanion::relay::forward {

namespace asio = boost::asio;

namespace {

constexpr auto idle_wait = std::chrono::seconds(60);
constexpr auto disk_retry_wait = std::chrono::seconds(1);

// What this relay sealed, however large: a batch of exposures may be larger than the control plane takes.
Result<wire::EventBatch> parse_sealed(const std::string& body) {
    json::ScanLimits limits;
    limits.bytes = body.size();
    return wire::parse_event_batch(body, limits);
}

spool::Content content_of(const wire::EventBatch& batch) {
    return {batch.evaluations(), batch.exposures.size(), batch.metrics.size()};
}

}  // namespace

Result<> Shipper::select_part(OutgoingBatch& batch) {
    const auto whole = parse_sealed(batch.whole);
    if (!whole) return whole.error();
    const auto part = part_of(*whole, batch.part);
    batch.id = part.batch;
    batch.content = content_of(part);
    batch.body = to_json(part);
    return boost::system::in_place_value;
}

Shipper::Next Shipper::next_batch() {
    for (;;) {
        std::optional<spool::Spool::Head> head;
        {
            const std::lock_guard lock(spool_.mutex);
            head = spool_.spool.front();
            if (!head) return {nullptr, spool_.spool.batches() == 0};
        }
        auto batch = std::make_shared<OutgoingBatch>();
        batch->part = std::move(head->part);
        batch->id = std::move(head->id);
        batch->body = batch->whole = std::move(head->body);
        if (!batch->part.empty()) {
            if (const auto selected = select_part(*batch); !selected) {
                drop_unreadable(*batch, selected.error());
                continue;
            }
        }
        batch->compressed = compress(Encoding::zstd, batch->body);
        return {std::move(batch), false};
    }
}

// Another version sealed it, perhaps, and only a part of it is to be sent. Those that were delivered stay so.
void Shipper::drop_unreadable(const OutgoingBatch& batch, const Error& error) {
    services_.log.warn("event_batch_unreadable",
                       {{"batch", batch.id}, {"part", batch.part}, {"detail", describe(error)}});
    metrics_.rejected.add();
    const std::lock_guard lock(spool_.mutex);
    spool_.spool.keep_rejected({}, batch.whole);
    spool_.spool.settle(spool::Spool::Outcome::rejected);
    if (spool_.on_settled) spool_.on_settled();
}

Result<std::unique_ptr<Shipper>> Shipper::make(Services services, std::vector<net::ClientConfig> upstreams,
                                               std::string relay_key, SharedSpool& spool) {
    std::vector<net::HttpClient> clients;
    for (auto& upstream : upstreams) {
        auto client = net::HttpClient::make(services.control, std::move(upstream));
        if (!client) return client.error();
        clients.push_back(std::move(*client));
    }
    return std::unique_ptr<Shipper>(new Shipper(services, std::move(clients), std::move(relay_key), spool));
}

Shipper::Shipper(Services services, std::vector<net::HttpClient> clients, std::string relay_key, SharedSpool& spool)
    : services_(services),
      clients_(std::move(clients)),
      relay_key_(std::move(relay_key)),
      spool_(spool),
      work_(services.control) {}

void Shipper::set_tls(const net::ClientTls& tls) {
    for (auto& client : clients_) client.set_tls(tls);
}

void Shipper::wake() {
    woken_ = true;
    work_.cancel();
}

asio::awaitable<void> Shipper::run() {
    for (;;) {
        woken_ = false;
        const auto read = [this] { return next_batch(); };
        const auto next = co_await services_.pool.compute(read);
        const auto& batch = next.batch;
        if (!batch) {
            if (const bool woken = co_await wait_for_work(next.is_empty); !woken) co_return;
            continue;
        }
        const Reply reply = co_await post(*batch);
        const Step step = decide(*batch, reply);
        if (step.decision == Decision::retry) {
            if (const bool slept = co_await net::sleep_for(step.wait); !slept) co_return;
            continue;
        }
        std::function<void()> finish = [this, batch, decision = step.decision] { settle(*batch, decision); };
        co_await services_.pool.run(std::move(finish));
    }
}

asio::awaitable<bool> Shipper::wait_for_work(bool is_empty) {
    if (!woken_) {
        work_.expires_after(is_empty ? std::chrono::seconds(idle_wait) : std::chrono::seconds(disk_retry_wait));
        const auto completion = asio::as_tuple(asio::use_awaitable);
        co_await work_.async_wait(completion);
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() == asio::cancellation_type::none;
}

asio::awaitable<Shipper::Reply> Shipper::post(const OutgoingBatch& batch) {
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target = "/relay/v1/events";
    request.headers.emplace_back("Authorization", "Bearer " + relay_key_);
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Content-Encoding", "zstd");
    request.body = batch.compressed;
    auto response = co_await clients_[selected_].send(std::move(request));
    Reply reply;
    if (!response) {
        reply.error = response.error().detail;
        co_return reply;
    }
    reply.status = response->status;
    reply.retry_after = response->header("Retry-After");
    json::Document document;
    if (!document.parse(response->body) || !document.root().is(json::Kind::object)) co_return reply;
    const auto named = document.root().find("batch");
    const auto duplicate = document.root().find("duplicate");
    reply.names_batch = named && named.is(json::Kind::string) && named.as_string() == batch.id;
    reply.duplicate = duplicate && duplicate.is(json::Kind::boolean) && duplicate.as_bool();
    co_return reply;
}

Step Shipper::decide(const OutgoingBatch& batch, const Reply& reply) {
    metrics_.posts.add();
    const bool answered = reply.error.empty();
    const Answer answer{reply.status, reply.retry_after, reply.names_batch};
    const Step step =
        answered ? batcher_.on_answer(answer, services_.clock.now(), random()) : batcher_.on_failure(random());
    if (step.decision == Decision::delivered) {
        metrics_.delivered.add();
        if (reply.duplicate) metrics_.duplicates.add();
        last_delivery_at_.store(services_.clock.now(), std::memory_order_relaxed);
        record_error("");
        return step;
    }
    const std::string what = answered ? "status " + std::to_string(reply.status) : reply.error;
    record_error(what);
    if (step.decision == Decision::retry) {
        metrics_.failures.add();
        selected_ = (selected_ + 1) % clients_.size();
    } else if (step.decision == Decision::rejected) {
        services_.log.warn("event_batch_rejected", {{"batch", batch.id}, {"status", reply.status}});
    }
    return step;
}

// On the blocking pool.
void Shipper::settle(const OutgoingBatch& batch, Decision decision) {
    const std::lock_guard lock(spool_.mutex);
    switch (decision) {
        case Decision::delivered:
            settle_as(batch, spool::Spool::Outcome::delivered);
            break;
        case Decision::rejected:
            settle_as(batch, spool::Spool::Outcome::rejected);
            break;
        case Decision::split:
            settle_split(batch);
            break;
        case Decision::retry:
            return;
    }
    if (spool_.on_settled) spool_.on_settled();
}

void Shipper::settle_split(const OutgoingBatch& batch) {
    const auto whole = parse_sealed(batch.whole);
    auto half = whole ? first_half(*whole, batch.part) : std::nullopt;
    if (!half) {
        services_.log.warn("event_batch_rejected", {{"batch", batch.id}, {"status", 413}});
        return settle_as(batch, spool::Spool::Outcome::rejected);
    }
    services_.log.info("event_batch_split", {{"batch", batch.id}});
    metrics_.splits.add();
    spool_.spool.split(std::move(*half));
}

void Shipper::settle_as(const OutgoingBatch& batch, spool::Spool::Outcome outcome) {
    if (outcome == spool::Spool::Outcome::rejected) {
        metrics_.rejected.add();
        spool_.spool.keep_rejected(batch.part, batch.body);
    }
    if (batch.part.empty()) return spool_.spool.settle(outcome);
    spool_.spool.settle_part(outcome, batch.content, next_part(batch.part));
}

void Shipper::record_error(const std::string& error) {
    bool is_change = false;
    {
        const std::lock_guard lock(error_mutex_);
        is_change = error.empty() != last_error_.empty();
        last_error_ = error;
    }
    if (!is_change) return;
    if (error.empty()) {
        services_.log.info("event_forwarding_recovered", {});
    } else {
        services_.log.warn("event_forwarding_failed", {{"detail", error}});
    }
}

std::string Shipper::last_error() const {
    const std::lock_guard lock(error_mutex_);
    return last_error_;
}

}  // namespace fanion::relay::forward
