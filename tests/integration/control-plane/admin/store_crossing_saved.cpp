#include "control-plane/live/presence_store.hpp"
#include "control-plane/relays/relay_status_store.hpp"
#include "control-plane/saved/saved_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

saved::Shelf their_shelf(const Theirs& t) { return {t.org, t.project.project_id, saved::Kind::view, access::UserId()}; }

saved::Saved planted(saved::SavedId saved_id) {
    saved::Saved made;
    made.saved_id = std::move(saved_id);
    made.content = {"planted", true, "", "{}"};
    made.created_by = "nobody";
    made.created_at = made.updated_at = now;
    made.version = 7;
    return made;
}

const Case saved_table[] = {
    {"list_saved", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto shelf = their_shelf(t);
         saved::ShelfPage page{"", "", 10};
         const auto listed = co_await saved::list_saved(tx, shelf, std::move(page));
         co_return !listed.empty();
     }},
    {"count_saved", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto shelf = their_shelf(t);
         const auto count = co_await saved::count_saved(tx, shelf, true);
         co_return count > 0;
     }},
    {"find_saved", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto shelf = their_shelf(t);
         const auto view = co_await saved::find_saved(tx, shelf, t.view);
         co_return view.has_value();
     }},
    {"lock_saved", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto shelf = their_shelf(t);
         const auto view = co_await saved::lock_saved(tx, shelf, t.view);
         co_return view.has_value();
     }},
    {"is_name_taken", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto shelf = their_shelf(t);
         auto other = planted(saved::SavedId("view_other"));
         other.content.name = "All";
         co_return co_await saved::is_name_taken(tx, shelf, other);
     }},
    {"insert_saved", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto shelf = their_shelf(t);
         const auto made = planted(saved::SavedId("view_planted"));
         co_await saved::insert_saved(tx, shelf, made);
         co_return false;
     }},
    {"update_saved", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto made = planted(t.view);
         co_await saved::update_saved(tx, made);
         co_return false;
     }},
    {"delete_saved", false, [](Tx& tx, const Theirs& t) { return written(saved::delete_saved(tx, t.view)); }},
    // live: what replicas are told is not stored
    {"notify_presence", false, [](Tx& tx, const Theirs&) { return written(live::notify_presence(tx, "{}")); }},
    {"names_of_members", true,
     [](Tx& tx, const Theirs& t) -> Found {
         std::vector<access::UserId> ids{t.member};
         const auto names = co_await live::names_of_members(tx, t.org, std::move(ids));
         co_return !names.empty();
     }},
    // relays
    {"list_relay_reports", true,
     [](Tx& tx, const Theirs& t) -> Found {
         relays::ReportPage page{"", "", 10};
         const auto reports = co_await relays::list_relay_reports(tx, t.org, std::move(page));
         co_return !reports.empty();
     }},
};

}  // namespace

std::span<const Case> saved_cases() noexcept { return saved_table; }

}  // namespace fanion::crossing
