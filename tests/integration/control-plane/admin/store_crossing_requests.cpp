#include "control-plane/requests/request_store.hpp"
#include "control-plane/schedules/schedule_store.hpp"
#include "control-plane/tokens/token_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

schedules::Schedule planted_schedule(std::string id) {
    schedules::Schedule schedule;
    schedule.schedule_id = schedules::ScheduleId(std::move(id));
    schedule.name = "planted";
    schedule.change = {"DELETE", "projects/web/flags/f", "application/json", "", ""};
    schedule.due_at = schedule.created_at = schedule.updated_at = now;
    return schedule;
}

requests::ChangeRequest planted_request(std::string id) {
    requests::ChangeRequest request;
    request.request_id = requests::RequestId(std::move(id));
    request.content.title = "planted";
    request.created_at = request.updated_at = now;
    return request;
}

const Case request_table[] = {
    // tokens
    {"live_token_of_account", true,
     [](Tx& tx, const Theirs& t) { return found(tokens::live_token_of_account(tx, t.org, t.account, now)); }},
    // schedules
    {"list_schedules", true,
     [](Tx& tx, const Theirs& t) { return found(schedules::list_schedules(tx, t.env.env_id, 0, "", 10)); }},
    {"find_schedule", true,
     [](Tx& tx, const Theirs& t) { return found(schedules::find_schedule(tx, t.env.env_id, t.schedule)); }},
    {"lock_schedule", true,
     [](Tx& tx, const Theirs& t) { return found(schedules::lock_schedule(tx, t.env.env_id, t.schedule)); }},
    {"lock_schedules_of", true,
     [](Tx& tx, const Theirs& t) {
         return found(schedules::lock_schedules_of(tx, t.env.env_id, "projects/web/flags/f/environments/development"));
     }},
    {"count_kept_schedules", true,
     [](Tx& tx, const Theirs& t) { return found(schedules::count_kept_schedules(tx, t.org)); }},
    {"insert_schedule", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto schedule = planted_schedule("sc_planted");
         co_await schedules::insert_schedule(tx, t.env, schedule);
         co_return false;
     }},
    {"update_schedule", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto schedule = planted_schedule(t.schedule.str());
         co_await schedules::update_schedule(tx, schedule);
         co_return false;
     }},
    {"list_requests_of_organisation", true,
     [](Tx& tx, const Theirs& t) -> Found {
         requests::OrganisationPage page;
         page.limit = 10;
         const auto listed = co_await requests::list_requests_of_organisation(tx, t.org, std::move(page));
         co_return !listed.empty();
     }},
    {"claim_schedule", true,
     [](Tx& tx, const Theirs& t) -> Found {
         constexpr UnixMillis late = 4'000'000'000'000;
         const auto claimed = co_await schedules::claim_schedule(tx, t.org, t.schedule, late);
         co_return claimed.has_value();
     }},
    // requests
    {"list_requests", true,
     [](Tx& tx, const Theirs& t) { return found(requests::list_requests(tx, t.env.env_id, 0, "", 10)); }},
    {"find_request", true,
     [](Tx& tx, const Theirs& t) { return found(requests::find_request(tx, t.env.env_id, t.request)); }},
    {"lock_request", true,
     [](Tx& tx, const Theirs& t) { return found(requests::lock_request(tx, t.env.env_id, t.request)); }},
    {"claim_request", true,
     [](Tx& tx, const Theirs& t) { return found(requests::claim_request(tx, t.env.env_id, t.request)); }},
    {"project_base", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto base = co_await requests::project_base(tx, t.env.project_id);
         access::ProjectId none("p_none");
         const auto empty = co_await requests::project_base(tx, std::move(none));
         co_return base != empty;
     }},
    {"count_open_requests", true,
     [](Tx& tx, const Theirs& t) { return found(requests::count_open_requests(tx, t.org)); }},
    {"insert_request", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto request = planted_request("cr_planted");
         co_await requests::insert_request(tx, t.env, request);
         co_return false;
     }},
    {"update_request", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto request = planted_request(t.request.str());
         co_await requests::update_request(tx, request);
         co_return false;
     }},
    {"put_approval", false,
     [](Tx& tx, const Theirs& t) -> Found {
         requests::Approval approval{"u_planted", "planted", "", now};
         co_await requests::put_approval(tx, t.org, t.request, std::move(approval));
         co_return false;
     }},
    {"list_comments", true,
     [](Tx& tx, const Theirs& t) { return found(requests::list_comments(tx, t.request, 0, 10)); }},
    {"count_comments", true, [](Tx& tx, const Theirs& t) { return found(requests::count_comments(tx, t.request)); }},
    {"insert_comment", false,
     [](Tx& tx, const Theirs& t) -> Found {
         requests::RequestComment comment;
         comment.content.text = "planted";
         comment.at = now;
         co_await requests::insert_comment(tx, t.org, t.request, std::move(comment));
         co_return false;
     }},
};

}  // namespace

std::span<const Case> request_cases() noexcept { return request_table; }

}  // namespace fanion::crossing
