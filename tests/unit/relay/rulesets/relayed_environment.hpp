#pragma once

// An environment as a relay holds it after signed documents, and an SDK that verifies what the
// relay passes on. One thread.

#include <memory>
#include <string>
#include <variant>

#include "relay/cache/prepare.hpp"
#include "relay/rulesets/cursor.hpp"
#include "relay/rulesets/encoder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/signed_environment.hpp"

namespace fanion::test {

class RelayedEnvironment {
public:
    RelayedEnvironment() {
        signed_env.put_server_key("srv", "fan_srv_1");
        put_flag("open", true);
        put_flag("hidden", false);
    }

    void put_flag(const std::string& key, bool client, std::string_view rules = "[]") {
        auto body = SignedEnvironment::boolean_flag(key, true);
        if (client) body.replace(body.find(R"("client":false)"), 14, R"("client":true)");
        body.replace(body.find(R"("rules":[])"), 10, R"("rules":)" + std::string(rules));
        signed_env.put("flag/" + key, body);
    }
    void put_segment(const std::string& key, bool client) {
        signed_env.put("segment/" + key, R"({"key":")" + key + R"(","version":1,)" +
                                             (client ? R"("client":true,)" : "") +
                                             R"("included":[],"excluded":[],"rules":[]})");
    }
    void put_client_key(bool rules) {
        signed_env.put("access/cli", R"({"id":"cli","kind":"client","sha256":")" + to_hex(sha256("fan_cli_1")) +
                                         R"(","origins":[])" + (rules ? R"(,"rules":true)" : "") + "}");
    }
    static std::string rule_in(const std::string& segment) {
        return R"([{"id":"r1","when":{"op":"in_segment","values":[")" + segment + R"("]},"serve":{"variation":"on"}}])";
    }

    // The relay gets the next version, in full or as a delta.
    const relay::cache::EnvironmentStatePtr& take_full() { return take(signed_env.commit()); }
    const relay::cache::EnvironmentStatePtr& take_delta() {
        signed_env.commit();
        return take(signed_env.delta());
    }
    void set_head(UnixMillis issued_at) {
        auto event = std::make_shared<const std::string>("event: head\n\n");
        signals->set_head(std::make_shared<const relay::cache::SignedHead>(
            relay::cache::SignedHead{signed_env.version(), issued_at, std::move(event)}));
    }

    SignedEnvironment signed_env{"e_1"};
    std::shared_ptr<relay::cache::EnvironmentSignals> signals = std::make_shared<relay::cache::EnvironmentSignals>(1);
    relay::cache::EnvironmentStatePtr state;
    std::shared_ptr<const wire::TrustDocument> trust =
        std::make_shared<const wire::TrustDocument>(wire::parse_first_trust(signed_env.trust()).value());

private:
    const relay::cache::EnvironmentStatePtr& take(std::string bytes) {
        relay::cache::PrepareInput input;
        input.bytes = std::move(bytes);
        input.trust = trust;
        input.env_id = "e_1";
        input.held = state;
        input.signals = signals;
        auto prepared = relay::cache::prepare(input);
        if (const auto* rejection = std::get_if<wire::Rejection>(&prepared)) FAIL(rejection->detail);
        state = std::get<relay::cache::Candidate>(prepared).state;
        return state;
    }
};

// What an SDK holds. It accepts withheld items.
class VerifyingSdk {
public:
    explicit VerifyingSdk(const RelayedEnvironment& environment) : trust_(environment.trust) {}

    // "" when the document was accepted, else the code and why.
    std::string take(const std::string& document) {
        wire::Expected expected;
        expected.env_id = "e_1";
        expected.held = &items;
        expected.held_version = version;
        expected.held_root = root;
        expected.redacted = wire::Redacted::accepted;
        auto checked = wire::accept_ruleset(document, *trust_, expected);
        if (const auto* rejection = std::get_if<wire::Rejection>(&checked))
            return std::string(name_of(rejection->code)) + ": " + rejection->detail;
        auto& accepted = std::get<wire::Accepted>(checked);
        items = std::move(accepted.items);
        version = accepted.manifest.version;
        root = accepted.manifest.root;
        return "";
    }
    // "body", "withheld" or "none".
    std::string has(std::string_view key) const {
        const auto at = items.items().find(key);
        if (at == items.items().end()) return "none";
        return at->second.body ? "body" : "withheld";
    }

    wire::ItemSet items;
    std::optional<wire::Version> version;
    Sha256 root{};

private:
    std::shared_ptr<const wire::TrustDocument> trust_;
};

}  // namespace fanion::test
