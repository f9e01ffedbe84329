#include <algorithm>

#include "control-plane/http/edit.hpp"

namespace fanion::cp::http {

namespace {

bool is_configuration(const wire::ItemChange& item) {
    return item.key.starts_with("flag/") || item.key.starts_with("segment/");
}

// `where`: "environment production"
Error approval_required(const std::string& where, unsigned approvals) {
    return conflict("", "approval_required",
                    "changes in " + where + " take " + std::to_string(approvals) +
                        (approvals == 1 ? " approval" : " approvals") + ": make a change request");
}

Error comment_required(const std::string& where) {
    const auto detail = "changes in " + where + " take a comment: say why with ?comment= or `comment`";
    return {Errc::unprocessable, detail, {{"", "?comment", "comment_required", detail}}};
}

bool says_something(const std::string& comment) { return comment.find_first_not_of(" \t\r\n") != std::string::npos; }

}  // namespace

std::string Edit::shown_name(const projects::Environment& env) const {
    return may_read(env) ? "environment " + env.key : "an environment that you may not read";
}

// Two environments without a name can want the same.
void Edit::warn_once(Finding warning) {
    if (std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end())
        warnings_.push_back(std::move(warning));
}

Result<> Edit::require_comment(const projects::LockedEnvironment& env) {
    if (!env.is_comment_required || says_something(comment_)) return boost::system::in_place_value;
    auto error = comment_required(shown_name(env));
    if (!is_dry_run() && !call_->is_dry_run) return error;
    warn_once(std::move(error.findings.front()));
    return boost::system::in_place_value;
}

Result<> Edit::require_approvals(const projects::LockedEnvironment& env) {
    if (auto ok = require_comment(env); !ok) return ok;
    const auto approvals = env.required_approvals;
    if (approvals == 0) return boost::system::in_place_value;
    auto* enclosure = call_->enclosure;
    if (enclosure && enclosure->carries_approvals) {
        enclosure->guarded[env.key] = approvals;
        return boost::system::in_place_value;
    }
    auto error = approval_required(shown_name(env), approvals);
    if (!is_dry_run() && !call_->is_dry_run) return error;
    warn_once(std::move(error.findings.front()));
    return boost::system::in_place_value;
}

Result<> Edit::check_approvals(const projects::LockedEnvironment& env, std::vector<wire::ItemChange> items,
                               bool is_changed, ApprovalNeed need) {
    std::erase_if(items, [](const wire::ItemChange& item) { return !is_configuration(item); });
    if (items.empty() || !is_changed) return boost::system::in_place_value;
    if (auto* enclosure = call_->enclosure) {
        for (auto& item : items) enclosure->served.push_back({env.key, std::move(item)});
    }
    if (need == ApprovalNeed::none) return boost::system::in_place_value;
    return require_approvals(env);
}

// ?stage=skip: what is published goes to all relays at once.
projects::LockedEnvironment Edit::place_of(const projects::LockedEnvironment& env) {
    auto place = env;
    place.skips_stages = call_->request.query("stage") == "skip";
    const bool has_stages = env.released || (env.is_protected && env.staging);
    if (place.skips_stages && has_stages) skipped_.insert("projects/" + env.project_key + "/environments/" + env.key);
    return place;
}

}  // namespace fanion::cp::http
