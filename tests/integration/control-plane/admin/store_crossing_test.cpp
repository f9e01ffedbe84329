// Every store function, called with what belongs to one organisation in the scope of another. The functions' own conditions
// name the first organisation, so that what stands between the two is row-level security alone. A function that is not in
// a list fails the test.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <vector>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/source_path.hpp"

using namespace fanion::crossing;
namespace test = fanion::test;

namespace {

std::vector<Case> all_cases() {
    std::vector<Case> all(first_cases().begin(), first_cases().end());
    all.insert(all.end(), other_cases().begin(), other_cases().end());
    all.insert(all.end(), newer_cases().begin(), newer_cases().end());
    all.insert(all.end(), tenancy_cases().begin(), tenancy_cases().end());
    all.insert(all.end(), quota_cases().begin(), quota_cases().end());
    all.insert(all.end(), request_cases().begin(), request_cases().end());
    all.insert(all.end(), identity_cases().begin(), identity_cases().end());
    all.insert(all.end(), upload_cases().begin(), upload_cases().end());
    all.insert(all.end(), lifecycle_cases().begin(), lifecycle_cases().end());
    all.insert(all.end(), rollout_cases().begin(), rollout_cases().end());
    all.insert(all.end(), saved_cases().begin(), saved_cases().end());
    all.insert(all.end(), directory_cases().begin(), directory_cases().end());
    all.insert(all.end(), sign_on_cases().begin(), sign_on_cases().end());
    all.insert(all.end(), attribute_cases().begin(), attribute_cases().end());
    all.insert(all.end(), event_cases().begin(), event_cases().end());
    all.insert(all.end(), sink_cases().begin(), sink_cases().end());
    all.insert(all.end(), upkeep_cases().begin(), upkeep_cases().end());
    return all;
}

constexpr db::Statement settle{"settle", "SELECT 1"};

// Functions of no organisation, or of any: each answers one question, through a SECURITY DEFINER function or from tables
// without a tenant, to a caller that has shown more than an organisation's id.
const std::set<std::string> any_scope{
    // One person, session, token or address at a time, all of them before an organisation is known.
    "find_invitation_by_token", "orgs_of_user", "find_membership", "insert_refresh_token", "lock_refresh_token",
    "use_refresh_token", "revoke_session", "revoke_sessions_of", "find_live_session", "lock_sign_in_failures",
    "put_sign_in_failures", "delete_sign_in_failures", "has_signed_in_from", "remember_sign_in_address",
    "forget_sign_in_addresses", "find_user", "find_account", "lock_user", "insert_user", "set_password",
    "insert_password_reset", "use_password_reset", "find_key_owner", "put_session", "has_session", "list_sessions",
    "record_session_use", "revoke_other_sessions", "find_personal_token_owner", "find_service_token_owner",
    "find_personal_token", "list_personal_tokens", "count_live_personal_tokens", "personal_token_replacing",
    "insert_personal_token", "expire_personal_token", "revoke_personal_token", "revoke_personal_tokens_of",
    "record_token_use", "deleted_orgs_of_user", "put_cookie", "find_cookie_owner", "find_session_owner",
    "admission_states", "renew_cookie", "find_preferences", "put_preferences", "find_second_factor",
    "put_second_factor", "confirm_second_factor", "use_code_step", "use_recovery_code", "put_recovery_codes",
    "delete_second_factor", "deleted_places_of_user", "limit_session", "end_sessions_of_provider", "account_within",
    "is_own_account",
    // The installation.
    "owner_exists", "org_id_of_key", "open_instance", "orgs_with_old_audit", "orgs_with_old_events", "purge_deleted",
    "environments_to_renew", "purge_event_days", "thin_counts", "purge_evaluations", "purge_attributes",
    "keep_partitions",
    // What the couriers of webhooks ask for all organisations together.
    "event_orgs", "lease_deliveries", "read_backlog", "purge_deliveries",
    // What the background task for relay keys asks.
    "list_upkeep",
    // What those who carry out schedules ask for all organisations together.
    "due_schedules", "read_schedule_backlog", "stale_requests",
    // What the runners of rollouts ask.
    "lease_rollouts", "count_by_state",
    // Addresses of the people whom entries that the caller has read name.
    "actor_emails", "actor_of_email",
    // What deliveries to sinks ask for all organisations together.
    "lease_sink", "next_batches", "find_places", "delete_batches", "trim_outbox", "purge_outbox",
    // Whose sealed values there are, and under which key: what rewraps them.
    "count_sealed", "find_sealed", "replace_sealed",
    // What the change feed of every replica reads.
    "feed_environments", "feed_manifests", "feed_changes", "feed_items", "feed_stages",
    // What those who release and withdraw held versions ask.
    "held_versions", "database_time"};

std::set<std::string> declared_store_functions() {
    const std::regex declaration(R"((?:boost::asio::awaitable<[^;]*?>|\nvoid)\s+(\w+)\()");
    std::set<std::string> found;
    for (const auto& file : std::filesystem::recursive_directory_iterator(test::source_path("control-plane"))) {
        if (!file.path().filename().string().ends_with("_store.hpp")) continue;
        std::ifstream in(file.path());
        std::stringstream text;
        text << in.rdbuf();
        const auto content = text.str();
        for (std::sregex_iterator at(content.begin(), content.end(), declaration), end; at != end; ++at) {
            found.insert((*at)[1].str());
        }
    }
    return found;
}

class Crossing : public test::ApiFixture {
public:
    Crossing() {
        const auto owner = bootstrap_owner("acme", "owner@acme.example");
        REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
        ours = sql("SELECT org_id FROM orgs WHERE key = 'globex'");
        fill(owner);
    }

    void fill_sign_on(const std::string& owner, const std::string& org) {
        const auto provider = post(org + "/identity-providers", owner,
                                   R"({"key":"main","client_id":"c","issuer":"https://login.example.com"})");
        REQUIRE(provider.status == 201);
        theirs.provider = sign_on::ProviderId(sql("SELECT provider_id FROM identity_providers"));
    }

    void fill(const std::string& owner) {
        const std::string org = "/api/v1/orgs/acme";
        fill_sign_on(owner, org);
        const auto web = org + "/projects/web";
        const auto dev = web + "/environments/development";
        add_member(owner, "acme", "ada@example.com", "developer");
        REQUIRE(post(org + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
        plant_upload(owner, web);
        REQUIRE(post(org + "/roles", owner, R"({"key":"lead","permissions":["read"]})").status == 201);
        REQUIRE(post(org + "/members", owner, R"({"email":"guest@example.com","role":"lead"})").status == 201);
        const auto key = post(dev + "/keys", owner, R"({"kind":"server"})");
        REQUIRE(key.status == 201);
        theirs.key = access::KeyId(key.at("/id"));
        REQUIRE(post(org + "/keys", owner, R"({"kind":"relay"})").status == 201);  // noted for each environment
        theirs.org = access::OrgId(sql("SELECT org_id FROM orgs WHERE key = 'acme'"));
        theirs.email = "ada@example.com";
        theirs.member = access::UserId(sql("SELECT user_id FROM users WHERE email = 'ada@example.com'"));
        sql("INSERT INTO sign_on_identities SELECT org_id, 'https://login.example.com', 's-1', user_id, now() FROM "
            "memberships WHERE user_id = '" +
            theirs.member.str() + "'");
        theirs.invitation = access::InvitationId(sql("SELECT invitation_id FROM invitations WHERE used_at IS NULL"));
        REQUIRE(put(dev + "/assignments/" + theirs.member.str(), owner, R"({"role":"lead"})").status == 201);
        const auto env = sql("SELECT env_id FROM environments WHERE key = 'development'");
        sql("INSERT INTO relay_status (org_id, relay_id, env_id, state) VALUES ('" + theirs.org.str() + "', 'r', '" +
            env + "', 'applied'); INSERT INTO evaluation_counts VALUES ('" + theirs.org.str() + "', '" + env +
            "', 'f', 'on', 1, '', '', '2026-11-01', 1); INSERT INTO flag_answers VALUES ('" + theirs.org.str() +
            "', '" + env + "', 'f', 'on', '2026-11-01', '2026-11-01'); INSERT INTO flag_callers VALUES ('" +
            theirs.org.str() + "', '" + env +
            "', 'f', 'r', '', '2026-11-01'); INSERT INTO deleted_environments (env_id, org_id, "
            "full_manifest) "
            "VALUES ('e_gone', '" +
            theirs.org.str() + "', '{}'); INSERT INTO org_quotas VALUES ('" + theirs.org.str() +
            "', 'keys', 100); INSERT INTO event_days (org_id, day, events) VALUES ('" + theirs.org.str() +
            "', (to_timestamp(1795000000) AT TIME ZONE 'UTC')::date, 5)");
        REQUIRE(post(web + "/flags", owner, R"({"key":"child","type":"boolean"})").status == 201);
        const auto used = patch(
            web + "/flags/child/environments/development", owner,
            R"({"prerequisites":[{"flag":"f","variations":["on"]}],"rules":[{"id":"r1","when":{"op":"in_segment",)"
            R"("values":["s"]},"serve":{"variation":"on"}}]})");
        INFO(used.body);
        REQUIRE(used.status == 200);
        REQUIRE(put(web + "/lifecycle/settings", owner, R"({"unused_days":7})").status == 200);
        REQUIRE(put(org + "/audit/settings", owner, R"({"retention_days":30})").status == 200);
        REQUIRE(put(org + "/event-settings", owner, R"({"retention_days":30})").status == 200);
        sql("INSERT INTO sign_in_settings VALUES ('" + theirs.org.str() + "', 'optional', 1, now())");
        theirs.token = access::TokenId(post(org + "/tokens", owner, R"({"name":"n","role":"viewer"})").at("/id"));
        const auto hook = post(org + "/webhooks", owner, R"({"url":"https://hooks.example/in"})");
        REQUIRE(hook.status == 201);
        theirs.webhook = webhooks::WebhookId(hook.at("/id"));
        const auto sent = post(org + "/webhooks/" + hook.at("/id") + "/test", owner, "{}");
        REQUIRE(sent.status == 202);
        theirs.delivery = webhooks::DeliveryId(sent.at("/id"));
        plant_rollout(owner, org, web);
        plant_directory();
        plant_kept_changes(owner, dev);  // the environment takes approvals from now on
        theirs.entry = get(org + "/audit?limit=1", owner).at("/items/0/entry/id");
        theirs.staging = access::EnvironmentId(sql("SELECT env_id FROM environments WHERE key = 'staging'"));
        run(load());
    }

    void snooze(const std::string& owner, const std::string& web) {
        const auto until = fanion::format_rfc3339(clock.now() + 86'400'000);
        REQUIRE(put(web + "/flags/f/lifecycle/snooze", owner, R"({"until":")" + until + "\"}").status == 200);
    }

    void plant_upload(const std::string& owner, const std::string& web) {
        const auto uploads = web + "/segments/s/environments/development/members/uploads";
        theirs.upload = segments::UploadId(post(uploads, owner, "{}").at("/id"));
        const auto part = uploads + '/' + theirs.upload.str() + "/parts/1";
        REQUIRE(send({fanion::net::Method::put, part, owner, "a\n", {{"Content-Type", "text/csv"}}}).status == 200);
    }

    void plant_directory() {
        sql("INSERT INTO staged_versions (env_id, org_id, epoch, version, state, begun_at, held_since) SELECT env_id, "
            "org_id, epoch, version, 'held', now(), now() FROM environments WHERE key = 'development'");
        const auto org = "'" + theirs.org.str() + "'";
        const auto member = "'" + theirs.member.str() + "'";
        sql("INSERT INTO group_roles VALUES (" + org +
            ", '[]', 'viewer', 1, now()); INSERT INTO directory_users (org_id, "
            "user_id, user_name, user_name_key, name, is_active, attributes, created_at, updated_at) VALUES (" +
            org + ", " + member +
            ", 'ada', 'ada', 'Ada', true, '{\"userName\":\"ada\"}', now(), now()); INSERT INTO groups (org_id, "
            "group_id, name, name_key, created_at, updated_at) VALUES (" +
            org +
            ", 'g_1', 'g', 'g', now(), now()); "
            "INSERT INTO group_members VALUES (" +
            org + ", 'g_1', " + member +
            "); UPDATE memberships SET by_group = true "
            "WHERE user_id = " +
            member);
    }

    void plant_rollout(const std::string& owner, const std::string& org, const std::string& web) {
        snooze(owner, web);
        const auto dev = web + "/environments/development";
        REQUIRE(put(org + "/prometheus/main", owner, R"({"url":"https://prometheus.example"})").status == 201);
        REQUIRE(put(web + "/rollout-policies/main", owner, R"({"require":{}})").status == 201);
        REQUIRE(post(web + "/flags", owner,
                     R"({"key":"staged","type":"boolean","environments":{"development":{"enabled":true,)"
                     R"("fallthrough":{"variation":"off"}}}})")
                    .status == 201);
        const auto started = post(dev + "/rollouts", owner,
                                  R"({"flag":"staged","from":"off","to":"on","steps":[{"share":100000}],)"
                                  R"("guards":[{"prometheus":"main","query":"q","above":1,"on_breach":"hold"}]})");
        REQUIRE(started.status == 201);
        theirs.rollout = rollouts::RolloutId(started.at("/id"));
        sql("INSERT INTO rollout_decisions VALUES ('" + theirs.org.str() + "', '" + theirs.rollout.str() +
            "', 1, '2026-11-01', 'advance', 'step', '', 1, '{}')");
    }

    void plant_kept_changes(const std::string& owner, const std::string& dev) {
        theirs.account = access::ServiceAccountId(sql("SELECT account_id FROM service_tokens"));
        const std::string change = R"({"method":"PATCH","path":"projects/web/flags/f/environments/development",)"
                                   R"("body":{"enabled":true}})";
        const auto scheduled =
            post(dev + "/schedules", owner, R"({"at":"2036-01-01T00:00:00Z","change":)" + change + "}");
        INFO(scheduled.body);
        REQUIRE(scheduled.status == 201);
        theirs.schedule = schedules::ScheduleId(scheduled.at("/id"));
        const auto asked = post(dev + "/requests", owner, R"({"title":"t","changes":[)" + change + "]}");
        REQUIRE(asked.status == 201);
        theirs.request = requests::RequestId(asked.at("/id"));
        REQUIRE(post(dev + "/requests/" + asked.at("/id") + "/comments", owner, R"({"text":"t"})").status == 201);
        const auto view = post("/api/v1/orgs/acme/projects/web/views", owner, R"({"name":"All","shared":true})");
        REQUIRE(view.status == 201);
        theirs.view = saved::SavedId(view.at("/id"));
        sql("INSERT INTO context_attributes SELECT org_id, env_id, 'country', 'string', false, '2026-11-01', "
            "'2026-11-02' FROM environments WHERE org_id = '" +
            theirs.org.str() + "'; INSERT INTO relay_deliveries VALUES ('" + theirs.org.str() + "', 'r', 'counts', 1)");
        REQUIRE(put(dev + "/approvals", owner, R"({"required":1})").status == 200);
    }

    // Rows as their owner reads them.
    awaitable<void> load() {
        auto tx = co_await one.begin(db::Scope::tenant(theirs.org.str()));
        auto project = co_await projects::find_project(tx, theirs.org, "web");
        theirs.project = std::move(*project);
        auto env = co_await projects::lock_environment(tx, theirs.project.project_id, "development");
        theirs.env = std::move(*env);
        auto flag = co_await flags::find_flag(tx, theirs.project.project_id, "f");
        theirs.flag = std::move(*flag);
        auto flag_config = co_await flags::find_flag_config(tx, theirs.flag, theirs.env.env_id);
        theirs.flag_config = std::move(*flag_config);
        auto segment = co_await segments::find_segment(tx, theirs.project.project_id, "s");
        theirs.segment = std::move(*segment);
        auto segment_config = co_await segments::find_segment_config(tx, theirs.segment, theirs.env.env_id);
        theirs.segment_config = std::move(*segment_config);
        auto role = co_await access::find_role(tx, theirs.org, "lead");
        theirs.role = std::move(*role);
        theirs.place = {theirs.org, theirs.project.project_id, theirs.env.env_id};
        theirs.key_place = {theirs.org, theirs.project.project_id, theirs.env.env_id};
    }

    // "found", "nothing" or the SQLSTATE of the refusal. What was written is committed if `keeps`.
    std::string outcome(const Case& each, const std::string& scope, bool keeps) {
        return run(attempt(each, scope, keeps));
    }

    awaitable<std::string> attempt(const Case& each, std::string scope, bool keeps) {
        std::string refusal;
        try {
            auto tx = co_await one.begin(db::Scope::tenant(std::move(scope)));
            const bool is_found = co_await each.call(tx, theirs);
            co_await tx.run(settle);  // carries out what the function has posted
            if (keeps) co_await tx.commit();
            co_return is_found ? "found" : "nothing";
        } catch (const db::PgError& error) {
            refusal = error.sqlstate();
        }
        co_return refusal;
    }

    // A fingerprint of all rows that have an organisation, with the table of each line; one statement.
    std::string everything() {
        if (fingerprint.empty()) {
            std::istringstream tables(
                sql("SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM information_schema.columns "
                    "WHERE table_schema = 'fanion' AND column_name = 'org_id' AND table_name IN "
                    "(SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')"));
            fingerprint = "SELECT concat_ws(E'\\n'";
            for (std::string table; tables >> table;) {
                fingerprint += ", '" + table + " ' || (SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ";
                fingerprint += "'')) FROM " + table + " t)";
            }
            fingerprint += ")";
        }
        return sql(fingerprint);
    }

    // Of one connection: each attempt begins when the one before is rolled back and holds no locks.
    db::Pool one{context.get_executor(), {.connection = app_config(), .size = 1}, metrics, log};
    std::string fingerprint;
    std::string ours;  // the organisation in whose scope the functions are called
    Theirs theirs;
};

}  // namespace

TEST_CASE_METHOD(Crossing, "no store function reads or changes what belongs to another organisation") {
    const auto before = everything();
    for (const auto& each : all_cases()) {
        INFO(each.function);
        const auto result = outcome(each, ours, true);
        CHECK((result == "nothing" || result == "42501"));
        CHECK(everything() == before);
    }
}

TEST_CASE_METHOD(Crossing, "in its own organisation each store function works, so the crossing proves something") {
    // They violate a key: what they would write is there already, or belongs to what is not there.
    const std::set<std::string> refused{"insert_org", "insert_member", "record_author", "copy_configurations"};
    for (const auto& each : all_cases()) {
        if (refused.contains(each.function)) continue;
        INFO(each.function);
        CHECK(outcome(each, theirs.org.str(), false) == (each.is_read ? "found" : "nothing"));
    }
}

TEST_CASE("every store function is called across organisations, or says why it belongs to none") {
    auto known = any_scope;
    for (const auto& each : all_cases()) CHECK(known.insert(each.function).second);
    const auto declared = declared_store_functions();
    REQUIRE(declared.size() > 90);
    for (const auto& function : declared) {
        INFO(function << ": add a row to store_crossing_first.cpp or store_crossing_other.cpp");
        CHECK(known.contains(function));
    }
    for (const auto& function : known) {
        INFO(function);
        CHECK(declared.contains(function));
    }
}
