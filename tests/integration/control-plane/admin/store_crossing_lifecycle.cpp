#include "control-plane/events/answer_store.hpp"
#include "control-plane/events/series_store.hpp"
#include "control-plane/flags/flag_search_store.hpp"
#include "control-plane/lifecycle/life_store.hpp"
#include "control-plane/lifecycle/pending_store.hpp"
#include "control-plane/lifecycle/settings_store.hpp"
#include "control-plane/lifecycle/snooze_store.hpp"
#include "control-plane/segments/segment_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

std::vector<access::EnvironmentId> their_environment(const Theirs& t) { return {t.env.env_id}; }

const Case lifecycle_table[] = {
    {"note_answers", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<events::AnswerNote> notes{{t.env.env_id, "f", "planted", now, now}};
         co_await events::note_answers(tx, t.org, notes);
         co_return false;
     }},
    {"note_callers", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<events::CallerNote> notes{{t.env.env_id, "f", "planted", "", now}};
         co_await events::note_callers(tx, t.org, notes);
         co_return false;
     }},
    {"list_answers", true,
     [](Tx& tx, const Theirs& t) { return found(events::list_answers(tx, their_environment(t), {})); }},
    {"list_callers", true,
     [](Tx& tx, const Theirs& t) { return found(events::list_callers(tx, their_environment(t), "f", 10)); }},
    {"read_series", true,
     [](Tx& tx, const Theirs& t) -> Found {
         events::SeriesQuery query{t.org, t.env.env_id, {0, now * 2}, events::Step::day, std::nullopt, ""};
         const auto points = co_await events::read_series(tx, std::move(query));
         co_return !points.empty();
     }},
    {"read_sparks", true,
     [](Tx& tx, const Theirs& t) {
         return found(events::read_sparks(tx, {t.org, t.env.env_id, {0, now * 2}, {"f"}}));
     }},
    {"search_flags", true,
     [](Tx& tx, const Theirs& t) -> Found {
         flags::FlagSearch search;
         const auto found = co_await flags::search_flags(tx, t.project.project_id, std::move(search),
                                                         their_environment(t), t.env.env_id);
         co_return !found.rows.empty();
     }},
    {"search_segments", true,
     [](Tx& tx, const Theirs& t) -> Found {
         segments::SegmentSearch search;
         const auto found = co_await segments::search_segments(tx, t.project.project_id, std::move(search));
         co_return !found.rows.empty();
     }},
    {"list_live_flags", true,
     [](Tx& tx, const Theirs& t) {
         return found(lifecycle::list_live_flags(tx, t.project.project_id, "", std::nullopt, 10));
     }},
    {"list_live_configs", true,
     [](Tx& tx, const Theirs& t) {
         return found(lifecycle::list_live_configs(tx, t.project.project_id, their_environment(t)));
     }},
    {"list_pending_changes", true,
     [](Tx& tx, const Theirs& t) { return found(lifecycle::list_pending_changes(tx, their_environment(t))); }},
    {"find_lifecycle_settings", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto stored = co_await lifecycle::find_lifecycle_settings(tx, t.project.project_id);
         co_return stored.version > 0;
     }},
    {"put_lifecycle_settings", false,
     [](Tx& tx, const Theirs& t) -> Found {
         lifecycle::StoredSettings stored;
         stored.version = 7;
         co_await lifecycle::put_lifecycle_settings(tx, t.org, t.project.project_id, std::move(stored));
         co_return false;
     }},
    {"list_snoozes", true,
     [](Tx& tx, const Theirs& t) { return found(lifecycle::list_snoozes(tx, t.project.project_id, {}, now)); }},
    {"find_snooze", true,
     [](Tx& tx, const Theirs& t) { return found(lifecycle::find_snooze(tx, t.flag.flag_id, now)); }},
    {"put_snooze", false,
     [](Tx& tx, const Theirs& t) -> Found {
         lifecycle::Snooze snooze;
         snooze.until = now * 2;
         snooze.comment = "planted";
         co_await lifecycle::put_snooze(tx, t.org, t.flag.flag_id, std::move(snooze));
         co_return false;
     }},
    {"delete_snooze", false,
     [](Tx& tx, const Theirs& t) { return written(lifecycle::delete_snooze(tx, t.flag.flag_id)); }},
};

}  // namespace

std::span<const Case> lifecycle_cases() noexcept { return lifecycle_table; }

}  // namespace fanion::crossing
