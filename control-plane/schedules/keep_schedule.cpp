#include "control-plane/schedules/keep_schedule.hpp"

#include <utility>

#include "common/base/ids.hpp"
#include "control-plane/schedules/carry_out.hpp"
#include "control-plane/schedules/schedule_store.hpp"

namespace fanion::cp::schedules {

using boost::asio::awaitable;

awaitable<Result<>> require_schedule_room(http::Edit& edit) {
    const auto present = co_await count_kept_schedules(edit.tx(), edit.call().org.org_id);
    if (present >= most_schedules)
        co_return http::conflict("", "limit", "an organisation has at most 500 active or paused schedules");
    co_return boost::system::in_place_value;
}

awaitable<Result<Schedule>> keep_schedule(http::Edit& edit, const projects::Environment& env, NewSchedule made) {
    auto& call = edit.call();
    const auto room = co_await require_schedule_room(edit);
    if (!room) co_return room.error();
    Schedule schedule;
    schedule.schedule_id = ScheduleId(random_id("sc_"));
    schedule.name = std::move(made.name);
    schedule.change = std::move(made.change);
    schedule.repeat = made.repeat;
    schedule.creator = creator_of(call);
    schedule.due_at = made.due_at;
    schedule.created_at = schedule.updated_at = call.now();
    co_await insert_schedule(edit.tx(), env, schedule);
    co_return schedule;
}

awaitable<std::vector<http::AuditRecord>> cancel_schedules_of(http::Edit& edit, const projects::Environment& env,
                                                              std::string path, std::string reason) {
    const auto& call = edit.call();
    auto kept = co_await lock_schedules_of(edit.tx(), env.env_id, std::move(path));
    std::vector<http::AuditRecord> records;
    for (auto& schedule : kept) {
        // The runner's requests have the id of the schedule that they are of.
        if (call.enclosure && schedule.schedule_id.str() == call.request.request_id()) continue;
        auto before = schedule_text(schedule);
        schedule.state = ScheduleState::cancelled;
        schedule.last_error = reason;
        schedule.updated_at = call.now();
        schedule.version += 1;
        co_await update_schedule(edit.tx(), schedule);
        const auto resource =
            "projects/" + env.project_key + "/environments/" + env.key + "/schedules/" + schedule.schedule_id.str();
        records.push_back({audit::Action::schedule_cancelled, resource, std::move(before), schedule_text(schedule)});
    }
    co_return records;
}

std::string schedules_path(const http::Call& call) {
    return "/api/v1/orgs/" + call.org.key + "/projects/" + call.param("project") + "/environments/" +
           call.param("env") + "/schedules";
}

}  // namespace fanion::cp::schedules
