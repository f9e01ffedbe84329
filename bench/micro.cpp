// Micro benchmarks of the steps of one request.

#include <benchmark/benchmark.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "bench/workload.hpp"
#include "common/base/crypto.hpp"
#include "common/base/log.hpp"
#include "common/eval/run/evaluator.hpp"
#include "common/net/request_builder.hpp"
#include "common/net/router.hpp"
#include "relay/events/counter_table.hpp"
#include "relay/serve/ofrep_format.hpp"
#include "relay/serve/routes.hpp"

namespace {

using namespace fanion;

constexpr std::string_view key = "fan_srv_0123456789abcdefghijabcdefghijabcdefghij123456";
const std::string body = R"({"context":)" + std::string(bench::context_json) + "}";

eval::RulesetPtr compile_workload(std::size_t flags) {
    std::vector<eval::Item> items;
    const auto workload = bench::make_items(flags, to_hex(sha256(key)));
    for (const auto& [name, text] : workload) items.push_back({name, std::make_shared<const std::string>(text)});
    return eval::compile(items).value();
}

// One worker's routes over a ruleset, without sockets.
struct Serving {
    explicit Serving(std::size_t flags) {
        config.key_rate = config.total_rate = {};
        auto state = std::make_shared<relay::cache::EnvironmentState>();
        state->env_id = "e_bench";
        state->ruleset = compile_workload(flags);
        state->version = {1, 1};
        state->etag = "1.1";
        state->signals = registry.make_signals();
        state->signals->set_head_expires_at(clock.now() + 3'600'000);
        registry.put(std::move(state));
        relay::serve::add_routes(router, services);
    }
    ~Serving() { std::filesystem::remove_all(directory); }

    void ask(std::string_view target) {
        net::RequestBuilder::clear(request);
        request.method = net::Method::post;
        request.body = body;
        net::RequestBuilder::set_target(request, target);
        net::RequestBuilder::add_header(request, "Host", "127.0.0.1:8080");
        net::RequestBuilder::add_header(request, "Authorization", bearer);
        response.clear();
        const auto* route = router.match(request).route;
        if (route->sync) {
            route->sync(request, response);
        } else {
            route->attempt(request, response);
        }
        benchmark::DoNotOptimize(response.body.data());
    }

    boost::asio::io_context context;
    SystemClock clock;
    relay::serve::ServeConfig config;
    relay::cache::EnvironmentRegistry registry{1};
    std::filesystem::path directory = std::filesystem::temp_directory_path() / "fanion-bench-micro";
    Log log{-1};
    relay::events::CounterTable table{{.directory = directory.string(), .workers = 1, .shard = {}}, clock.now(), log};
    relay::events::Counters counters{table, 0};
    net::BlockingPool pool{1};
    relay::rulesets::Documents documents{pool};
    relay::rulesets::SdkStreams sdks;
    relay::intake::Intake intake;
    relay::chain::ChildReports reports{"relay-above"};
    relay::chain::PassedBatches batches{{.directory = directory.string() + "/below"}, "relay-above.boot.", log};
    relay::serve::WorkerDeps services{{.worker = 0, .workers = 1, .executor = context.get_executor()},
                                      {registry, documents, sdks, intake, reports, batches, pool},
                                      counters,
                                      clock,
                                      config};
    net::Router router;
    net::Request request;
    net::Response response;
    const std::string bearer = "Bearer " + std::string(key);
};

void evaluate(benchmark::State& state) {
    const auto ruleset = compile_workload(1000);
    json::Document document;
    if (!document.parse(bench::context_json)) return state.SkipWithError("context");
    for (auto _ : state) benchmark::DoNotOptimize(eval::evaluate(*ruleset, "bench-0500", document.root(), 0));
}
BENCHMARK(evaluate);

void parse_body(benchmark::State& state) {
    json::Document document;
    for (auto _ : state) benchmark::DoNotOptimize(document.parse(body).has_value());
}
BENCHMARK(parse_body);

void hash_key(benchmark::State& state) {
    relay::serve::KeyHasher hasher;
    for (auto _ : state) benchmark::DoNotOptimize(hasher.hash(key));
}
BENCHMARK(hash_key);

void format_answer(benchmark::State& state) {
    const auto ruleset = compile_workload(1);
    json::Document document;
    if (!document.parse(bench::context_json)) return state.SkipWithError("context");
    const auto evaluation = eval::evaluate(*ruleset, "bench-0000", document.root(), 0);
    std::string out;
    for (auto _ : state) {
        out.clear();
        relay::serve::append_ofrep_success(out, evaluation, std::nullopt);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(format_answer);

void handle_single(benchmark::State& state) {
    Serving serving(1000);
    for (auto _ : state) serving.ask("/ofrep/v1/evaluate/flags/bench-0500");
}
BENCHMARK(handle_single);

void handle_bulk_of_100(benchmark::State& state) {
    Serving serving(100);
    for (auto _ : state) serving.ask("/ofrep/v1/evaluate/flags");
}
BENCHMARK(handle_bulk_of_100);

void compile_1000_flags(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(compile_workload(1000));
}
BENCHMARK(compile_1000_flags)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
