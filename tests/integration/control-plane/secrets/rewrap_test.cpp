#include "control-plane/secrets/rewrap.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <stdexcept>
#include <vector>

#include "common/base/crypto.hpp"
#include "control-plane/secrets/key_watch.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using boost::asio::awaitable;
using cp::secrets::count_by_key;
using cp::secrets::sealed_kinds;
using cp::secrets::SealedKind;

namespace {

std::string literal(std::string_view bytes) { return "'\\x" + to_hex(bytes) + "'::bytea"; }

std::string secret_of(const SealedKind& kind, const std::string& id) { return std::string(kind.name) + " of " + id; }

// One row of each kind in two organisations, sealed with the older of two keys.
struct Sealed : test::PostgresFixture {
    Sealed() {
        for (const std::string x : {"a", "b"}) {
            const auto org = "o_" + x;
            sql("INSERT INTO orgs (org_id, key, name) VALUES ('" + org + "', '" + x + "', '')");
            plant_webhook(org, "wh_" + x);
            sql("INSERT INTO identity_providers (provider_id, org_id, key, name, issuer, client_id, client_secret, "
                "scopes, domains, is_enabled, adds_members, created_at, updated_at) VALUES ('idp_" +
                x + "', '" + org + "', 'main', '', 'https://login.example', 'c', " +
                value("client_secret", org, "idp_" + x) + ", '{}', '{}', true, false, now(), now()), ('idp_public" + x +
                "', '" + org +
                "', 'public', '', 'https://login.example', 'c', NULL, '{}', '{}', true, false, now(), "
                "now()); INSERT INTO prometheus_sources (org_id, key, url, token, created_at, updated_at) VALUES ('" +
                org + "', 'main', 'https://p.example', " + value("prometheus_token", org, "main") + ", now(), now())");
            sql("INSERT INTO users (user_id, email, email_key, name) VALUES ('u_" + x + "', '" + x + "@x.example', '" +
                x + "@x.example', ''); INSERT INTO second_factors VALUES ('u_" + x + "', " +
                value("second_factor", "", "u_" + x) + ", now())");
        }
    }

    void plant_webhook(const std::string& org, const std::string& id) {
        sql("INSERT INTO webhooks (webhook_id, org_id, url, secret, previous_secret, previous_until, template, "
            "created_at, updated_at) VALUES ('" +
            id + "', '" + org + "', " + value("webhook_url", org, id) + ", " + value("webhook_secret", org, id) + ", " +
            value("webhook_previous_secret", org, id) + ", now(), 'generic', now(), now())");
    }

    std::string value(std::string_view name, const std::string& org, const std::string& id) const {
        const auto& kind = *std::ranges::find(sealed_kinds(), name, &SealedKind::name);
        return literal(*older.seal(secret_of(kind, id), kind.place({org, id})));
    }

    // All kinds, with `keys`; the number of values that were sealed again.
    std::uint64_t rewrap_all(const SealingKeys& keys) {
        std::uint64_t count = 0;
        for (const auto& kind : sealed_kinds()) {
            const auto done = run(cp::secrets::rewrap(pool, keys, kind, ignore));
            CHECK(done.unopened.empty());
            CHECK(done.missed == 0);
            count += done.count;
        }
        return count;
    }

    // Whether each value opens to what it was made of; and how many there are.
    std::size_t check_secrets(const SealingKeys& keys) {
        std::size_t count = 0;
        for (const auto& kind : sealed_kinds()) {
            INFO(kind.name);
            for (const auto& each : run(all_of(kind))) {
                ++count;
                const auto secret = keys.open(each.sealed, kind.place(each.of));
                REQUIRE(secret);
                CHECK(*secret == secret_of(kind, each.of.id));
            }
        }
        return count;
    }

    awaitable<std::vector<cp::secrets::SealedValue>> all_of(const SealedKind& kind) {
        auto scope = cp::db::Scope::none();
        auto tx = co_await pool.begin(std::move(scope));
        cp::secrets::SealedId start;
        co_return co_await find_sealed(tx, std::string(kind.name), "", std::move(start), 1000);
    }

    awaitable<bool> replace(const SealedKind& kind, cp::secrets::SealedValue old) {
        auto scope = cp::db::Scope::none();
        auto tx = co_await pool.begin(std::move(scope));
        std::string form = "other";
        const bool is_replaced = co_await replace_sealed(tx, std::string(kind.name), std::move(old), std::move(form));
        co_await tx.commit();
        co_return is_replaced;
    }

    const std::string older_text = SealingKeys::make_text();
    const SealingKeys older = SealingKeys::parse(older_text).value();
    const SealingKeys both = SealingKeys::parse(SealingKeys::make_text() + older_text).value();
    const std::function<void(const cp::secrets::Rewrapped&)> ignore = [](const auto&) {};
};

}  // namespace

TEST_CASE_METHOD(Sealed, "what is sealed with an older key is sealed with the first one, of every tenant, once") {
    REQUIRE(check_secrets(both) == 12);
    const auto shown = "SELECT md5(string_agg(updated_at::text || version, ',' ORDER BY webhook_id)) FROM webhooks";
    const auto before = sql(shown);
    CHECK(rewrap_all(both) == 12);
    CHECK(check_secrets(both) == 12);
    CHECK(sql(shown) == before);  // nothing of what people see has changed
    for (const auto& each : run(count_by_key(pool, both))) {
        INFO(each.kind->name);
        CHECK(each.current == 2);
        CHECK(each.older + each.unknown == 0);
    }
    CHECK(rewrap_all(both) == 0);
}

TEST_CASE_METHOD(Sealed, "an earlier form, which does not name the organisation, is replaced") {
    const auto early = older.seal("https://early.example", "webhook/wh_a/url");
    sql("UPDATE webhooks SET url = " + literal(*early) + " WHERE webhook_id = 'wh_a'");
    const auto& urls = sealed_kinds()[0];
    CHECK(run(count_by_key(pool, older))[0].older == 1);
    CHECK(run(cp::secrets::rewrap(pool, older, urls, ignore)).count == 1);
    for (const auto& each : run(all_of(urls))) {
        CHECK(each.sealed.starts_with(older.head(true)));
        if (each.of.id == "wh_a") CHECK(*older.open(each.sealed, urls.place(each.of)) == "https://early.example");
    }
    // The row in another organisation: whoever can write to the database gains nothing by it.
    sql("UPDATE webhooks SET org_id = 'o_b' WHERE webhook_id = 'wh_a'");
    for (const auto& each : run(all_of(urls)))
        CHECK(older.open(each.sealed, urls.place(each.of)).has_value() == (each.of.id == "wh_b"));
}

TEST_CASE_METHOD(Sealed,
                 "a value that cannot be opened stays, is named without its secret, and keeps nothing else back") {
    const auto strange = SealingKeys::parse(SealingKeys::make_text()).value();
    sql("UPDATE webhooks SET secret = " + literal(*strange.seal("hidden", SealedPlace{"o_a", "webhook/wh_a/secret"})) +
        " WHERE webhook_id = 'wh_a'; UPDATE webhooks SET secret = set_byte(secret, 30, get_byte(secret, 30) # 1) "
        "WHERE webhook_id = 'wh_b'");
    const auto before = sql("SELECT string_agg(encode(secret, 'hex'), ',' ORDER BY webhook_id) FROM webhooks");
    plant_webhook("o_b", "wh_c");
    const auto done = run(cp::secrets::rewrap(pool, both, sealed_kinds()[1], ignore));
    CHECK(done.count == 1);
    REQUIRE(done.unopened.size() == 2);
    CHECK(describe(done.unopened[0]) ==
          "webhooks.secret of wh_a in organisation o_a: the stored secret was sealed with "
          "the key " +
              to_hex(strange.ids()[0]) + ", which is not in --secrets-key");
    CHECK(describe(done.unopened[1]) ==
          "webhooks.secret of wh_b in organisation o_b: the stored secret is damaged, or "
          "belongs to something else");
    CHECK(sql("SELECT string_agg(encode(secret, 'hex'), ',' ORDER BY webhook_id) FROM webhooks "
              "WHERE webhook_id <> 'wh_c'") == before);
    const auto counts = run(count_by_key(pool, both));
    CHECK(counts[1].current == 1);
    CHECK(counts[1].older == 1);
    CHECK(counts[1].unknown == 1);
}

TEST_CASE_METHOD(Sealed, "a run that was interrupted between two transactions is continued by the next one") {
    constexpr std::uint64_t batch = cp::secrets::rewrap_batch;
    for (std::uint64_t i = 0; i < 2 * batch; ++i) plant_webhook("o_a", "wh_x" + std::to_string(i));
    const auto& urls = sealed_kinds()[0];
    const std::function<void(const cp::secrets::Rewrapped&)> stop = [](const auto&) {
        throw std::runtime_error("interrupted");
    };
    CHECK_THROWS(run(cp::secrets::rewrap(pool, both, urls, stop)));
    CHECK(run(count_by_key(pool, both))[0].current == batch);
    int notes = 0;
    const std::function<void(const cp::secrets::Rewrapped&)> count = [&](const auto&) { ++notes; };
    CHECK(run(cp::secrets::rewrap(pool, both, urls, count)).count == batch + 2);
    CHECK(notes == 2);
    CHECK(run(count_by_key(pool, both))[0].older == 0);
}

TEST_CASE_METHOD(Sealed, "a value that changes meanwhile keeps what was written") {
    const auto& urls = sealed_kinds()[0];
    const auto values = run(all_of(urls));
    const auto newer = *both.seal("https://new.example", urls.place(values[0].of));
    sql("UPDATE webhooks SET url = " + literal(newer) + " WHERE webhook_id = 'wh_a'");
    CHECK_FALSE(run(replace(urls, values[0])));
    CHECK(sql("SELECT encode(url, 'hex') FROM webhooks WHERE webhook_id = 'wh_a'") == to_hex(newer));
}

TEST_CASE_METHOD(Sealed, "metrics say how many values are under which key") {
    telemetry::Registry of_watch;
    cp::secrets::KeyMetrics key_metrics(of_watch);
    SealingKeys keys = both;
    cp::secrets::KeyWatch watch(pool, keys, key_metrics, log);
    const auto line = [&](const std::string& kind, const std::string& key) {
        const auto text = of_watch.text();
        const auto name = "fanion_control_plane_sealed_values{kind=\"" + kind + "\",key=\"" + key + "\"} ";
        const auto at = text.find(name);
        REQUIRE(at != std::string::npos);
        return text.substr(at + name.size(), text.find('\n', at) - at - name.size());
    };
    run(watch.look());
    CHECK(line("webhook_url", "older") == "2");
    CHECK(line("webhook_url", "current") == "0");
    rewrap_all(both);
    run(watch.look());
    CHECK(line("webhook_url", "older") == "0");
    CHECK(line("second_factor", "current") == "2");
    keys = older;  // the operator has taken the wrong one away
    run(watch.look());
    CHECK(line("client_secret", "unknown") == "2");
    keys = SealingKeys();
    run(watch.look());
}
