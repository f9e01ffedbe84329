#pragma once

// A control plane's publishing side over a database of its own: one organisation (acme), one
// project (web), the environments production (e_1) and staging (e_2), keys of relays, and one
// replica's parts. Further replicas are made as needed.

#include <memory>
#include <string>
#include <vector>

#include "common/base/ids.hpp"
#include "common/net/blocking_pool.hpp"
#include "control-plane/publish/change_feed.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/publish/ruleset_source.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/unit/wire/documents.hpp"

namespace fanion::test {

using boost::asio::awaitable;
using test::body;

inline constexpr std::uint64_t first_epoch = 1'763'719'200;

// A boolean flag that serves `serve` ("on" or "off") to everybody; `filler` makes it larger.
inline wire::ItemChange flag(const std::string& key, const std::string& serve, std::size_t filler = 0) {
    auto text =
        R"({"key":")" + key +
        R"(","type":"boolean","version":1,"enabled":true,"client":false,"variations":[{"key":"on","value":true},)" +
        R"({"key":"off","value":false}],"off":"off","prerequisites":[],"targets":[{"attribute":"targetingKey","values":[")" +
        std::string(filler, 'x') + R"("],"variation":"on"}],"rules":[],"fallthrough":{"variation":")" + serve +
        R"("},"salt":"s","track":false})";
    return {"flag/" + key, body(text)};
}

// Records what is delivered to it.
struct Recorder final : cp::publish::FeedSink {
    void on_version(const cp::publish::PublishedPtr& environment, const cp::publish::FeedStep* step) override {
        versions.push_back(
            {environment->place.env_id.str(), environment->version(), step ? std::optional(*step) : std::nullopt});
        if (other) other->on_version(environment, step);
    }
    void on_released(const cp::publish::PublishedPtr& environment) override {
        released.push_back({environment->place.env_id.str(), environment->version(), std::nullopt});
        if (other) other->on_released(environment);
    }
    void on_removed(const cp::publish::PublishedPtr& last) override {
        removed.push_back(last->place.env_id.str());
        if (other) other->on_removed(last);
    }
    std::size_t count(std::string_view env_id) const {
        std::size_t n = 0;
        for (const auto& v : versions) n += v.env_id == env_id ? 1 : 0;
        return n;
    }

    struct Seen {
        std::string env_id;
        wire::Version version;
        std::optional<cp::publish::FeedStep> step;
    };
    std::vector<Seen> versions;
    std::vector<Seen> released;
    std::vector<std::string> removed;
    cp::publish::FeedSink* other = nullptr;
};

struct Installation : PostgresFixture {
    Installation() {
        sql("INSERT INTO fanion.orgs (org_id, key, name) VALUES ('o_1', 'acme', 'Acme'), ('o_2', 'other', 'Other');"
            "INSERT INTO fanion.projects (project_id, org_id, key, name) VALUES ('p_1', 'o_1', 'web', 'Web'), "
            "('p_2', 'o_2', 'app', 'App');"
            "INSERT INTO fanion.environments (env_id, org_id, project_id, key, name) VALUES "
            "('e_1', 'o_1', 'p_1', 'production', 'Production'), ('e_2', 'o_1', 'p_1', 'staging', 'Staging'), "
            "('e_3', 'o_2', 'p_2', 'production', 'Production')");
    }

    cp::publish::Signer make_signer() const {
        const auto key = fixed_key('s');
        const auto trust = wire::make_trust("fanion:1", fixed_key('r'), key.public_key(), then);
        return cp::publish::Signer::make(key.to_pem(), trust, then).value();
    }

    // Publishes in a transaction of its own, which is rolled back unless `commit`.
    awaitable<Result<cp::publish::Publication>> publish(cp::publish::RulesetPublisher& sink, std::string org,
                                                        std::string project, std::string env_key,
                                                        std::vector<wire::ItemChange> changes, bool commit) {
        auto tx = co_await pool.begin(cp::db::Scope::tenant(org));
        const auto env =
            co_await cp::projects::lock_environment(tx, cp::access::ProjectId(std::move(project)), env_key);
        auto published = co_await sink.publish(tx, *env, std::move(changes));
        if (published && commit) {
            co_await tx.commit();
            published->committed();
        }
        co_return published;
    }

    Result<cp::publish::Publication> change(cp::publish::RulesetPublisher& sink, std::vector<wire::ItemChange> changes,
                                            bool commit = true) {
        return run(publish(sink, "o_1", "p_1", "production", std::move(changes), commit));
    }
    wire::Version put(const std::string& key, const std::string& serve, std::size_t filler = 0) {
        auto published = change(publisher, {flag(key, serve, filler)});
        REQUIRE(published);
        return published->version();
    }

    // Creates a relay key of acme, or of one of its environments, and returns its text.
    std::string make_relay_key(const std::string& id, const std::string& env_id = "") {
        const auto key = make_api_key("rly");
        const auto place = env_id.empty() ? std::string("NULL, NULL") : "'p_1', '" + env_id + "'";
        sql("INSERT INTO fanion.api_keys (key_id, org_id, project_id, env_id, kind, sha256) VALUES ('" + id +
            "', 'o_1', " + place + ", 'relay', decode('" + to_hex(sha256(key.text)) + "', 'hex'))");
        return key.text;
    }

    // Runs the event loop until `done` returns true.
    template <class Done>
    void run_until(Done done, std::chrono::seconds limit = std::chrono::seconds(20)) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        context.restart();
        while (!done() && std::chrono::steady_clock::now() < deadline)
            context.run_one_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
        REQUIRE(done());
    }

    ManualClock clock{then};
    const cp::publish::Signer signer = make_signer();
    cp::publish::Metrics publish_metrics{registry};
    cp::publish::ImageCache images;
    net::BlockingPool blocking{1};
    cp::publish::Publisher publisher{images, signer, blocking, clock, publish_metrics, first_epoch};
    cp::publish::Catalog catalog;
    Recorder seen;
    cp::publish::ChangeFeed feed{{pool, catalog, images, publish_metrics, log}, seen};
    cp::publish::FullRulesets full_rulesets{{pool, images, publish_metrics, log}};
    cp::publish::DeltaSigner delta_signer{{pool, signer, clock, publish_metrics, blocking}};
    cp::publish::RulesetSource source{{catalog, full_rulesets, delta_signer, blocking}};
};

// The state of a relay: accepts documents by the acceptance table.
struct Receiver {
    explicit Receiver(const wire::TrustDocument& t) : trust(t) {}

    // Returns "" if the document is accepted, otherwise the code.
    std::string take(std::string_view document) {
        wire::Expected expected;
        if (held) {
            expected.floor = wire::Floor{held->manifest.version, held->manifest.root};
            expected.held = &held->items;
            expected.held_version = held->manifest.version;
            expected.held_root = held->manifest.root;
        }
        auto result = wire::accept_ruleset(document, trust, expected);
        if (auto* accepted = std::get_if<wire::Accepted>(&result)) held = std::move(*accepted);
        return outcome(result);
    }
    wire::Version version() const { return held ? held->manifest.version : wire::Version{}; }

    const wire::TrustDocument& trust;
    std::optional<wire::Accepted> held;
};

}  // namespace fanion::test
