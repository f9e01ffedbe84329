#include "relay/serve/relay_api.hpp"

#include <algorithm>
#include <set>

#include "common/base/compression.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "common/net/media_type.hpp"
#include "common/wire/event_batch.hpp"
#include "relay/serve/admission.hpp"
#include "relay/serve/relay_grants.hpp"
#include "relay/serve/ruleset_answer.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

constexpr std::size_t most_batch_bytes = limits::request_body_bytes;  // unpacked; as the control plane takes
constexpr UnixMillis events_retry = 5'000;

// What a report may say: of environments that the key grants, and of keys and attributes there.
class Scope {
public:
    Scope(WorkerDeps& services, const Subscriber& subscriber) {
        for (const auto& grant : granted(services, subscriber)) {
            env_ids_.insert((*grant.environment)->env_id);
            for (const auto& key : (*grant.environment)->ruleset->access()) key_ids_.insert(key.id);
        }
    }
    bool has_environment(const std::string& env_id) const { return env_ids_.contains(env_id); }

    void cut(wire::RelayStatus& status) const {
        const auto is_foreign = [this](const auto& part) { return !has_environment(part.env_id); };
        std::erase_if(status.environments, is_foreign);
        std::erase_if(status.attributes, is_foreign);
        std::erase_if(status.keys, [this](const wire::KeyUse& use) { return !key_ids_.contains(use.id); });
        for (auto& below : status.below) std::erase_if(below.environments, is_foreign);
    }

private:
    std::set<std::string> env_ids_;
    std::set<std::string> key_ids_;
};

// As the control plane judges: counts of a revoked environment were made before the relay below heard of that.
bool may_count(WorkerDeps& services, const Subscriber& subscriber, const std::vector<std::string>& env_ids) {
    const Scope scope(services, subscriber);
    const auto* state = services.serving.get();
    const auto hash = sha256_from_hex(subscriber.key_sha256);
    return std::all_of(env_ids.begin(), env_ids.end(), [&](const std::string& env_id) {
        return scope.has_environment(env_id) || (state && hash && state->granted_formerly(env_id, *hash));
    });
}

struct Unpacked {
    Outcome outcome = Outcome::no_content;
    std::string_view text;
    std::vector<std::string> env_ids;  // that it has counts of, each once
    chain::PassedBatch batch;
};

Unpacked refused_batch(Outcome outcome, std::string_view text) { return {outcome, text, {}, {}}; }

// CPU work.
Unpacked unpack(Encoding encoding, const std::string& body) {
    auto text = decompress(encoding, body, most_batch_bytes);
    if (!text && text.error().code == Errc::too_large)
        return refused_batch(Outcome::too_large, "the batch is larger than 2 MiB");
    if (!text) return refused_batch(Outcome::parse_error, "the body does not decompress");
    const auto batch = wire::parse_event_batch(*text);
    if (!batch) return refused_batch(Outcome::parse_error, "the body is not a batch of events");
    std::set<std::string> env_ids;
    for (const auto& event : batch->counts) env_ids.insert(event.env);
    for (const auto& event : batch->exposures) env_ids.insert(event.env);
    for (const auto& event : batch->metrics) env_ids.insert(event.env);
    const spool::Content content{batch->evaluations(), batch->exposures.size(), batch->metrics.size()};
    return {Outcome::no_content, {}, {env_ids.begin(), env_ids.end()}, {batch->batch, content, std::move(*text)}};
}

std::string receipt(std::string_view batch_id, bool is_duplicate) {
    std::string body;
    json::Writer(body).begin_object().member("batch", batch_id).member("duplicate", is_duplicate).end_object();
    return body;
}

}  // namespace

asio::awaitable<Admission> handle_relay_ruleset(WorkerDeps& services, net::Request& request, net::Response& response,
                                                Subscriber subscriber) {
    auto environment = granted_environment(services, subscriber, request.param("env_id"));
    if (!environment) co_return refused_as(Outcome::not_granted, row_of(Outcome::not_granted).text);
    auto answering = answer_ruleset(services, request, response, std::move(environment), rulesets::View::relay);
    co_return co_await std::move(answering);
}

Handled handle_relay_trust(const Call& call) { return answer_trust(call.services, call.request, call.response); }

asio::awaitable<Admission> handle_relay_status(WorkerDeps& services, net::Request& request, net::Response& response,
                                               Subscriber subscriber) {
    if (!net::is_identity(request.header("Content-Encoding")))
        co_return refused_as(Outcome::encoded_body, row_of(Outcome::encoded_body).text);
    auto status = wire::parse_relay_status(request.body);
    if (!status && status.error().code == Errc::too_large)
        co_return refused_as(Outcome::too_large, "the report is larger than 1 MiB");
    if (!status) co_return refused_as(Outcome::parse_error, "the body is not the report of a relay");
    Scope(services, subscriber).cut(*status);
    if (!services.reports.put(std::move(*status), services.clock.now()))
        co_return refused_as(Outcome::unprocessable, "the relay above has the same id: give each relay one of its own");
    response.content_type = {};
    co_return answered(Outcome::no_content);
}

asio::awaitable<Admission> handle_relay_events(WorkerDeps& services, net::Request& request, net::Response& response,
                                               Subscriber subscriber) {
    if (!net::has_media_type(request.header("Content-Type"), "application/json"))
        co_return refused_as(Outcome::encoded_body, "the body must be application/json");
    const auto encoding = parse_encoding(request.header("Content-Encoding"));
    if (!encoding) co_return refused_as(Outcome::encoded_body, "the content encoding must be gzip or zstd");
    const std::function<Unpacked()> work = [encoding = *encoding, body = std::string(request.body)] {
        return unpack(encoding, body);
    };
    auto unpacked = co_await services.pool.compute(work);
    if (unpacked.outcome != Outcome::no_content) co_return refused_as(unpacked.outcome, unpacked.text);
    // The sender drops what is refused with 422, so that is not said while the environment may be missing here alone.
    const bool is_granted = may_count(services, subscriber, unpacked.env_ids);
    // Nor where it is the key that has ended since the request was admitted.
    if (!is_granted && granted(services, subscriber).empty())
        co_return refused_as(Outcome::unauthorized, row_of(Outcome::unauthorized).text);
    if (!is_granted && may_be_missing(services.serving.get(), services.clock.now()))
        co_return refused_as(Outcome::not_synchronised, "an environment of the batch has not arrived here; try again",
                             events_retry);
    if (!is_granted)
        co_return refused_as(Outcome::unprocessable, "the key does not grant all environments of the batch");
    if (!services.batches.may_have(unpacked.batch.id))
        co_return refused_as(Outcome::unprocessable, "the relay above has the same id: give each relay one of its own");
    const auto id = unpacked.batch.id;
    const auto batch = std::make_shared<chain::PassedBatch>(std::move(unpacked.batch));
    const std::function<chain::Stored()> store = [&batches = services.batches, batch] {
        return batches.store(std::move(*batch));
    };
    const auto stored = co_await services.pool.compute(store);
    if (stored == chain::Stored::unavailable)
        co_return refused_as(Outcome::not_synchronised, "the spool takes nothing at the moment; try again",
                             events_retry);
    response.body = receipt(id, stored == chain::Stored::earlier);
    co_return answered(Outcome::ok);
}

}  // namespace fanion::relay::serve
