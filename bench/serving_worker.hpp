#pragma once

// One worker of a relay over a ruleset, without sockets: what benchmarks of single steps call.

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <string>

#include "bench/workload.hpp"
#include "common/base/crypto.hpp"
#include "common/base/log.hpp"
#include "common/eval/run/evaluator.hpp"
#include "common/net/request_builder.hpp"
#include "common/net/router.hpp"
#include "relay/events/counter_table.hpp"
#include "relay/serve/routes.hpp"

namespace fanion::bench {

inline constexpr std::string_view server_key = "fan_srv_0123456789abcdefghijabcdefghijabcdefghij123456";

inline eval::RulesetPtr compile_workload(std::size_t flags) {
    std::vector<eval::Item> items;
    const auto workload = make_items(flags, to_hex(sha256(server_key)));
    for (const auto& [name, text] : workload) items.push_back({name, std::make_shared<const std::string>(text)});
    return eval::compile(items).value();
}

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

    void ask(std::string_view target, std::string_view body) {
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
    }

    boost::asio::io_context context;
    SystemClock clock;
    relay::serve::ServeConfig config;
    relay::cache::EnvironmentRegistry registry{1};
    std::filesystem::path directory =
        std::filesystem::temp_directory_path() / ("fanion-bench-" + std::to_string(getpid()));
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
    const std::string bearer = "Bearer " + std::string(server_key);
};

}  // namespace fanion::bench
