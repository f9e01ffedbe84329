#pragma once

// Batches of events from the request to the rows, on a real PostgreSQL.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "common/base/ids.hpp"
#include "common/net/request_builder.hpp"
#include "common/wire/event_batch.hpp"
#include "control-plane/events/ingest_routes.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace fanion::test {

inline constexpr UnixMillis noon = 1'763'719'200'000;

inline wire::EventBatch batch_of(std::string id, std::vector<wire::CountEvent> counts) {
    wire::EventBatch batch;
    batch.batch = std::move(id);
    batch.relay = "eu-1a";
    batch.from = noon;
    batch.to = noon + 10'000;
    batch.counts = std::move(counts);
    return batch;
}

inline wire::CountEvent count(std::string env, std::string flag, std::string variation, std::uint64_t n) {
    return {std::move(env), std::move(flag), std::move(variation), 1, "SPLIT", "", n};
}

// Two organisations with a relay key each; the first has two environments.
class IngestFixture : public PostgresFixture {
public:
    IngestFixture() : keys(pool), api({keys, blocking, clock, counters, writer}) {
        sql("INSERT INTO orgs (org_id, key, name) VALUES ('o_a', 'a', ''), ('o_b', 'b', '');"
            "INSERT INTO projects (project_id, org_id, key, name) VALUES ('p_a', 'o_a', 'web', ''), "
            "('p_a2', 'o_a', 'app', ''), ('p_b', 'o_b', 'web', '');"
            "INSERT INTO environments (env_id, org_id, project_id, key, name) VALUES ('e_1', 'o_a', 'p_a', 'dev', ''), "
            "('e_2', 'o_a', 'p_a2', 'dev', ''), ('e_9', 'o_b', 'p_b', 'dev', '')");
        key_a = add_key("o_a", "NULL", "relay", "rly");
        key_b = add_key("o_b", "NULL", "relay", "rly");
    }
    ~IngestFixture() { blocking.join(); }

    std::string add_key(const std::string& org, const std::string& project, const std::string& kind,
                        const std::string& prefix, const std::string& more = "NULL, NULL, NULL") {
        const auto key = make_api_key(prefix);
        const std::string env = kind == "relay" ? "NULL" : "'e_1'";
        sql("INSERT INTO api_keys (key_id, org_id, project_id, env_id, kind, sha256, not_before, not_after, "
            "revoked_at) "
            "VALUES ('" +
            key.id + "', '" + org + "', " + project + ", " + env + ", '" + kind + "', '\\x" + to_hex(sha256(key.text)) +
            "', " + more + ")");
        return key.text;
    }

    net::Response post(const std::string& key, std::string body, std::string_view encoding = "",
                       std::string_view type = "application/json") {
        return run(post_later(key, std::move(body), encoding, type));
    }
    boost::asio::awaitable<net::Response> post_later(std::string key, std::string body, std::string_view encoding = "",
                                                     std::string_view type = "application/json") {
        const std::string authorization = "Bearer " + key;
        net::Request request;
        request.method = net::Method::post;
        request.body = body;
        net::RequestBuilder::add_header(request, "Authorization", authorization);
        net::RequestBuilder::add_header(request, "Content-Type", type);
        if (!encoding.empty()) net::RequestBuilder::add_header(request, "Content-Encoding", encoding);
        co_return co_await api.handle_events(request);
    }
    std::string total() { return sql("SELECT coalesce(sum(n), 0) FROM evaluation_counts"); }

    cp::keys::RelayKeys keys;
    net::BlockingPool blocking{2};
    ManualClock clock{noon + 15'000};
    telemetry::Registry ingest_registry;
    cp::events::IngestMetrics counters{ingest_registry};
    cp::quotas::Metrics quota_metrics{ingest_registry};
    cp::quotas::Limits limits{{}, quota_metrics};
    net::TaskGroup tasks{context.get_executor(), log};
    cp::events::BatchWriter writer{{pool, blocking, clock, limits, pool, tasks, log, counters}};
    cp::events::IngestApi api;
    std::string key_a;
    std::string key_b;
};

}  // namespace fanion::test
