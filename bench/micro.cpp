// Micro benchmarks of the steps of one request.

#include <benchmark/benchmark.h>

#include "bench/serving_worker.hpp"
#include "relay/serve/ofrep_format.hpp"

namespace {

using namespace fanion;
using bench::compile_workload;
using bench::Serving;

const std::string body = R"({"context":)" + std::string(bench::context_json) + "}";

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
    for (auto _ : state) benchmark::DoNotOptimize(hasher.hash(bench::server_key));
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
    for (auto _ : state) serving.ask("/ofrep/v1/evaluate/flags/bench-0500", body);
}
BENCHMARK(handle_single);

void handle_bulk_of_100(benchmark::State& state) {
    Serving serving(100);
    for (auto _ : state) serving.ask("/ofrep/v1/evaluate/flags", body);
}
BENCHMARK(handle_bulk_of_100);

void compile_1000_flags(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(compile_workload(1000));
}
BENCHMARK(compile_1000_flags)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
