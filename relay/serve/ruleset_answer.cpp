#include "relay/serve/ruleset_answer.hpp"

#include "common/base/text.hpp"
#include "common/net/conditional.hpp"
#include "common/net/content_coding.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

constexpr std::size_t smallest_compressed = 1024;  // bytes; below, compression costs more than it saves

std::string quoted(std::string_view etag) { return '"' + std::string(etag) + '"'; }

struct Coding {
    rulesets::Form form;
    Encoding encoding;
};
Coding coding_of(const net::Request& request, std::size_t bytes) {
    const auto wanted = net::choose_encoding(request.header("Accept-Encoding"));
    if (bytes < smallest_compressed || wanted == Encoding::identity)
        return {rulesets::Form::document, Encoding::identity};
    return {wanted == Encoding::zstd ? rulesets::Form::zstd : rulesets::Form::gzip, wanted};
}

Admission no_signed_ruleset() {
    return refused_as(Outcome::not_synchronised, "this relay has no signed ruleset to pass on; try again", 1'000);
}

}  // namespace

Admission answered(Outcome outcome) noexcept { return {outcome, {}, {}, 0}; }

Admission refused_as(Outcome outcome, std::string_view text, UnixMillis retry_after) noexcept {
    return {outcome, {}, text, retry_after};
}

asio::awaitable<Admission> answer_ruleset(WorkerDeps& services, net::Request& request, net::Response& response,
                                          cache::EnvironmentStatePtr environment, rulesets::View view) {
    const auto etag = quoted(environment->etag);
    const bool names_coding = view != rulesets::View::relay;
    if (const auto held = net::current_coding(request, etag)) {
        response.set("ETag", net::tag_in(*held, etag));
        response.set("Vary", "Accept-Encoding");
        response.content_type = {};
        co_return answered(Outcome::not_modified);
    }
    std::optional<wire::Version> since;
    if (const auto text = request.query("since")) {
        since = wire::parse_version(*text);
        if (!since) co_return refused_as(Outcome::parse_error, "since must be a version, <epoch>.<number>");
    }
    auto step = since ? rulesets::last_step(*environment, *since, view) : nullptr;
    const bool is_whole = !step;
    if (is_whole && !rulesets::has_whole(*environment, view)) co_return no_signed_ruleset();
    const auto bytes = is_whole ? environment->full_head.size() + environment->items->bytes() : step->bytes;
    const auto coding = coding_of(request, bytes);
    std::string env_id = environment->env_id;
    auto making = is_whole ? services.documents.whole(std::move(environment), view, coding.form)
                           : services.documents.step(std::move(env_id), std::move(step), view, coding.form);
    response.shared_body = co_await std::move(making);
    if (!response.shared_body) co_return no_signed_ruleset();
    response.content_type = wire::ruleset_media_type;
    response.set("ETag", names_coding ? net::tag_in(coding.encoding, etag) : etag);
    response.set("Vary", "Accept-Encoding");
    response.set("Cache-Control", "private, no-cache");
    if (coding.encoding != Encoding::identity) response.set("Content-Encoding", std::string(name_of(coding.encoding)));
    co_return answered(Outcome::ok);
}

asio::awaitable<net::SharedBytes> event_of(WorkerDeps& services, cache::EnvironmentStatePtr environment,
                                           rulesets::View view, rulesets::Next next) {
    using Kind = rulesets::Next::Kind;
    if (next.kind == Kind::head) co_return next.head->event;
    if (next.kind == Kind::put) {
        co_return co_await services.documents.whole(std::move(environment), view, rulesets::Form::event);
    }
    std::string env_id = environment->env_id;
    co_return co_await services.documents.step(std::move(env_id), std::move(next.step), view, rulesets::Form::event);
}

void count_event(WorkerDeps& services, rulesets::Next::Kind kind) noexcept {
    using Kind = rulesets::Next::Kind;
    if (kind == Kind::put) services.metrics.ruleset_event_sent(wire::StreamEvent::put);
    if (kind == Kind::patch) services.metrics.ruleset_event_sent(wire::StreamEvent::patch);
    if (kind == Kind::head) services.metrics.ruleset_event_sent(wire::StreamEvent::head);
}

Handled answer_trust(WorkerDeps& services, net::Request& request, net::Response& response) {
    const auto from = parse_u64(request.query("from").value_or("0"));
    if (!from) return Refusal{Outcome::parse_error, "from must be the version of a trust document: a whole number"};
    response.content_type = wire::trust_payload_type;
    if (const auto* documents = services.trust.get()) {
        for (auto at = documents->upper_bound(*from); at != documents->end(); ++at) response.body += at->second;
    }
    return Outcome::ok;
}

}  // namespace fanion::relay::serve
