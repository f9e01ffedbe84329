#include "control-plane/promotion/environment_change.hpp"

#include <map>
#include <string_view>

#include "common/json/tree.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/projects/project_json.hpp"

namespace fanion::cp::promotion {
namespace {

using boost::asio::awaitable;

std::string environment_text(const projects::Environment& env) {
    return http::to_text(projects::write_environment, env);
}

}  // namespace

std::vector<Difference> content_differences(const std::string& before, const std::string& after) {
    const auto from = json::Tree::parse(before, body::composed_limits());
    const auto to = json::Tree::parse(after, body::composed_limits());
    return differences(from.value(), to.value());
}

Result<> EnvironmentChange::authorise() {
    auto& call = edit_.call();
    if (auto ok = http::require_permission(call, access::Permission::read); !ok) return ok;
    if (is_dry_run()) return boost::system::in_place_value;
    if (auto ok = projects::require_edit_permission(call, env_.is_protected); !ok) return ok;
    const auto text = environment_text(env_);
    auto before = edit_.match(http::content_etag(text), text, env_.is_protected);
    if (!before) return before.error();
    before_ = std::move(*before);
    return boost::system::in_place_value;
}

awaitable<std::vector<Difference>> EnvironmentChange::compare(std::string before, std::string after) {
    constexpr std::size_t small = 16 * 1024;  // bytes that are compared at once
    if (before.size() + after.size() <= small) co_return content_differences(before, after);
    auto work = [a = std::move(before), b = std::move(after)] { return content_differences(a, b); };
    auto found = co_await edit_.call().services.blocking.compute(std::move(work));
    co_return found;
}

void EnvironmentChange::note(std::string item, std::vector<Difference> found, std::string before, std::string after) {
    noted_.push_back({std::move(item), std::move(found), std::move(before), std::move(after)});
}

// {"flags":{"f":{..}},"segments":{..}}
std::string EnvironmentChange::state_json(std::string Change::*state) const {
    return body::object_text([&](json::Writer& w) {
        for (const std::string_view kind : {"flag", "segment"}) {
            w.key(std::string(kind) + "s").begin_object();
            for (const auto& change : noted_) {
                const auto slash = change.item.find('/');
                if (change.item.substr(0, slash) == kind) w.key(change.item.substr(slash + 1)).raw(change.*state);
            }
            w.end_object();
        }
    });
}

std::string EnvironmentChange::response_text(const projects::Environment& now, const std::string& more) const {
    auto text = body::object_text([&](json::Writer& w) {
        w.member("environment", env_.key).member("dry_run", is_dry_run());
        w.member("version_before", wire::to_string(env_.version)).member("version", wire::to_string(now.version));
        w.key("changes").begin_array();
        for (const auto& change : noted_) write_item_differences(w, change.item, change.differences);
        w.end_array();
    });
    if (more == "{}") return text;
    text.pop_back();
    return text + ',' + more.substr(1);
}

awaitable<Result<>> EnvironmentChange::publish() {
    // Without a change there is nothing to commit, and so no version, even in a new epoch.
    if (!is_dry_run() && noted_.empty()) co_return boost::system::in_place_value;
    if (!is_dry_run()) co_return co_await edit_.publish_all(env_, changes_);
    const auto checked = co_await edit_.call().services.publisher.check(edit_.tx(), env_, changes_);
    if (!checked) co_return checked.error();
    edit_.report_warnings();
    if (changes_.empty()) co_return boost::system::in_place_value;
    co_return edit_.require_approvals(env_);  // of a dry run: a warning
}

http::EditResult EnvironmentChange::finish_with(audit::Action action, std::string more) {
    const auto published = co_await publish();
    if (!published) co_return published.error();
    const auto now = co_await projects::find_environment(edit_.tx(), env_.project_id, env_.key);
    const auto tag = http::content_etag(environment_text(*now));
    auto text = response_text(*now, more);
    if (is_dry_run() || noted_.empty()) {
        auto outcome = edit_.unchanged(std::move(text), tag);
        outcome.is_own_preview = is_dry_run();
        co_return outcome;
    }
    auto outcome = edit_.changed(action, std::move(*before_), std::move(text), tag);
    outcome.audit->resource = "projects/" + env_.project_key + "/environments/" + env_.key;
    outcome.audit->before = state_json(&Change::before);
    outcome.audit->after = state_json(&Change::after);
    co_return outcome;
}

}  // namespace fanion::cp::promotion
