#include "tests/unit/relay/serve/served_relay.hpp"

#include "common/base/crypto.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"

namespace fanion::test {
namespace {

std::string access_item(std::string_view id, std::string_view kind, std::string_view key, std::string_view more = "") {
    std::string text = R"({"id":")" + std::string(id) + R"(","kind":")" + std::string(kind) + R"(","sha256":")";
    text += to_hex(sha256(key)) + R"(","origins":[)" + (kind == "client" ? R"("https://app.example")" : "") + "]";
    return text + std::string(more) + "}";
}

std::string flag_item(std::string_view key, std::string_view type, std::string_view variations, std::string_view rest,
                      bool client = true) {
    std::string text = R"({"key":")" + std::string(key) + R"(","type":")" + std::string(type) + R"(","version":12,)";
    text += client ? R"("enabled":true,"client":true,)" : R"("enabled":true,"client":false,)";
    text += R"("variations":)" + std::string(variations) + R"(,"salt":")" + std::string(key) + R"(","track":false,)";
    return text + std::string(rest) + "}";
}

std::string plain_rest(std::string_view variation) {
    return R"("off":null,"prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":")" +
           std::string(variation) + "\"}";
}

constexpr std::string_view on_off = R"([{"key":"on","value":true},{"key":"off","value":false}])";

std::string disabled(std::string text) {
    const auto at = text.find(R"("enabled":true)");
    return text.replace(at, 14, R"("enabled":false)");
}

}  // namespace

Items standard_items() {
    const std::string rules =
        R"("off":"off","prerequisites":[],"targets":[],"rules":[{"id":"r-7f3a","when":{"attribute":"country",)"
        R"("op":"is","values":["DE"],"ignore_case":false},"serve":{"variation":"on"}}],)"
        R"("fallthrough":{"variation":"off"})";
    const std::string split =
        R"("off":null,"prerequisites":[],"targets":[],"rules":[],"fallthrough":{"split":{"by":"targetingKey",)"
        R"("salt":"s","hash":"murmur3","ranges":[[0,100000,"on"]]}})";
    const std::string prerequisite =
        R"("off":"off","prerequisites":[{"flag":"stopped","variations":["on"]}],"targets":[],)"
        R"("rules":[],"fallthrough":{"variation":"on"})";
    return {
        {"flag/basic", flag_item("basic", "boolean", on_off, plain_rest("on"))},
        {"flag/behind", flag_item("behind", "boolean", on_off, prerequisite)},
        {"flag/number", flag_item("number", "number", R"([{"key":"one","value":1.0}])", plain_rest("one"))},
        {"flag/object", flag_item("object", "json", R"([{"key":"o","value":{"a":[1,null]}}])", plain_rest("o"))},
        {"flag/ruled", flag_item("ruled", "boolean", on_off, rules)},
        {"flag/secret", flag_item("secret", "boolean", on_off, plain_rest("on"), false)},
        {"flag/split", flag_item("split", "boolean", on_off, split)},
        {"flag/stopped", disabled(flag_item("stopped", "boolean", on_off, plain_rest("on")))},
        {"flag/text", flag_item("text", "string", R"([{"key":"t","value":"a \"b\""}])", plain_rest("t"))},
        {"access/cli", access_item("cli", "client", client_key)},
        {"access/exp", access_item("exp", "server", expired_key, R"(,"not_after":1763720000000)")},
        {"access/fut", access_item("fut", "server", future_key, R"(,"not_before":1763720000001)")},
        {"access/min", access_item("min", "server", minimal_key, R"(,"ofrep_minimal":true)")},
        {"access/rly", access_item("rly", "relay", relay_key)},
        {"access/srv", access_item("srv", "server", server_key)},
    };
}

Items items_with_changed(std::string_view flag, unsigned version) {
    auto items = standard_items();
    for (auto& [key, body] : items) {
        if (key != "flag/" + std::string(flag)) continue;
        body.replace(body.find(R"("version":12)"), 12, R"("version":)" + std::to_string(version));
    }
    return items;
}

std::string Answer::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return "";
}

Answer answer_of(const net::Response& response) {
    Answer answer{response.status, std::string(response.bytes()), std::string(response.content_type), {}};
    for (const auto& part : response.shared_rest) answer.body += *part;
    for (const auto& [name, value] : response.headers) answer.headers.emplace_back(std::string(name), value);
    return answer;
}

boost::asio::awaitable<Result<>> RecordingStream::start(std::string_view extra_headers, std::string_view,
                                                        net::BodyEnd) {
    started = true;
    headers = extra_headers;
    co_return Result<>{};
}

boost::asio::awaitable<Result<>> RecordingStream::send(net::SharedBytes bytes) {
    sent.push_back(*bytes);
    co_return Result<>{};
}

ServedRelay::ServedRelay(const relay::serve::ServeConfig& settings)
    : config(settings), signals_(registry.make_signals()) {
    table = std::make_unique<relay::events::CounterTable>(
        relay::events::CounterTableConfig{.directory = directory.path(), .workers = 1, .shard = {}}, clock.now(), log);
    counters = std::make_unique<relay::events::Counters>(*table, 0);
    const relay::serve::WorkerIdentity identity{.worker = 0, .workers = 1, .executor = context.get_executor()};
    batches = std::make_unique<relay::chain::PassedBatches>(
        relay::spool::SpoolConfig{.directory = directory.path() + "/below"}, "relay-above.boot.", log);
    const relay::serve::SharedDeps common{registry, documents, sdks, intake, reports, *batches, pool};
    services = std::make_unique<relay::serve::WorkerDeps>(identity, common, *counters, clock, config);
    relay::serve::add_routes(router, *services);
    set_head_expiry(clock.now() + 60'000);
    publish(standard_items());
    registry.set_synchronised(true);
}

ServedRelay::~ServedRelay() {
    pool.join();
    owned_context.reset();  // coroutines that still wait use the services
    services.reset();
    batches.reset();
    counters.reset();
    table.reset();
}

void ServedRelay::publish(const Items& items) {
    std::vector<eval::Item> list;
    wire::ItemSet set;
    for (const auto& [key, body] : items) {
        list.push_back({key, std::make_shared<const std::string>(body)});
        set.put(key, list.back().body);
    }
    auto compiled = eval::compile(list);
    if (!compiled) FAIL(describe(compiled.error()));
    auto state = std::make_shared<relay::cache::EnvironmentState>();
    state->env_id = "e_test";
    state->ruleset = *compiled;
    state->digests = relay::cache::digest_flags(set, **compiled);
    state->version = {1'763'719'200, ++version_};
    state->etag = wire::to_string(state->version);
    state->items = std::make_shared<const wire::ItemSet>(std::move(set));
    state->root = sha256(state->etag);
    state->issued_at = clock.now();
    state->full_head = "{}\n{\"version\":\"" + state->etag + "\"}\n";  // unsigned: clients' checks are not tested here
    state->client_rules = relay::cache::client_rules_of(*state->ruleset);
    if (const auto* before = registry.current() ? registry.current()->find_environment("e_test") : nullptr) {
        auto step = relay::cache::make_step({before->version, *before->items, before->client_rules},
                                            {state->version, *state->items, state->client_rules},
                                            "{}\n{\"delta\":\"" + state->etag + "\"}\n");
        state->steps = relay::cache::extended(before->steps, std::move(step), state->items->bytes());
    }
    state->signals = signals_;
    registry.put(std::move(state));
}

void ServedRelay::publish_and_wake(const Items& items) {
    publish(items);
    services->notifier.notify("e_test");
}

void ServedRelay::set_head_expiry(UnixMillis at) { signals_->set_head_expires_at(at); }

Answer ServedRelay::ask(const Ask& ask) {
    net::Request request;
    net::RequestBuilder::clear(request);
    request.method = ask.method;
    request.body = ask.body;
    REQUIRE(net::RequestBuilder::set_target(request, ask.target));
    const std::string bearer = "Bearer " + std::string(ask.key);
    if (!ask.key.empty()) net::RequestBuilder::add_header(request, "Authorization", bearer);
    for (const auto& [name, value] : ask.headers) net::RequestBuilder::add_header(request, name, value);
    if (ask.from_proxy) net::RequestBuilder::set_forwarded(request, net::read_forwarded(request, {}, {}));
    const auto match = router.match(request);
    net::Response response;
    if (!match.route) {
        router.refuse(request, response, match);
        return answer_of(response);
    }
    auto attempt = net::Attempt::must_wait;
    if (match.route->sync) {
        match.route->sync(request, response);
        attempt = net::Attempt::answered;
    } else if (match.route->attempt) {
        attempt = match.route->attempt(request, response);
    }
    if (attempt == net::Attempt::must_wait && match.route->async)
        response = run_coroutine(context, match.route->async(request));
    return answer_of(response);
}

Answer ServedRelay::evaluate(std::string_view flag, std::string_view evaluation_context, std::string_view key) {
    Ask question{.target = "/ofrep/v1/evaluate/flags/" + std::string(flag), .key = key};
    question.body = R"({"context":)" + std::string(evaluation_context) + "}";
    return ask(question);
}

Answer ServedRelay::bulk(std::string_view evaluation_context, std::string_view key) {
    Ask question{.target = "/ofrep/v1/evaluate/flags", .key = key};
    question.body = R"({"context":)" + std::string(evaluation_context) + "}";
    return ask(question);
}

Answer ServedRelay::bulk_if_none_match(std::string_view tag, std::string_view evaluation_context) {
    Ask question{.target = "/ofrep/v1/evaluate/flags", .headers = {{"If-None-Match", std::string(tag)}}};
    question.body = R"({"context":)" + std::string(evaluation_context) + "}";
    return ask(question);
}

std::string ServedRelay::stream_token(std::string_view key) {
    const auto answer = ask({.target = "/ofrep/v1/evaluate/flags", .headers = {{"Host", "relay:8080"}}, .key = key});
    const std::string start = "http://relay:8080/ofrep/v1/stream?token=";
    const auto at = answer.body.find(start);
    REQUIRE(at != std::string::npos);
    const auto from = at + start.size();
    return answer.body.substr(from, answer.body.find('"', from) - from);
}

std::uint64_t ServedRelay::counted(std::string_view flag, std::string_view variation, std::string_view reason) {
    std::uint64_t total = 0;
    for (const auto& event : counts()) {
        if (event.env == "e_test" && event.flag == flag && event.variation == variation && event.reason == reason)
            total += event.n;
    }
    return total;
}

const std::vector<wire::CountEvent>& ServedRelay::counts() {
    while (auto batch = table->seal("b" + std::to_string(sealed_.size()), clock.now(), 1 << 20, {})) {
        sealed_.insert(sealed_.end(), batch->counts.begin(), batch->counts.end());
        table->apply();
        if (!batch->more) break;
    }
    return sealed_;
}

}  // namespace fanion::test
