// What people send about change requests.

#include "control-plane/body/fields.hpp"
#include "control-plane/requests/change_request.hpp"

namespace fanion::cp::requests {
namespace {

constexpr std::size_t title_bytes = 200;
constexpr std::size_t description_bytes = 10'000;
constexpr std::size_t comment_bytes = 1'000;

std::vector<std::string> read_reviewers(json::Reader& r) {
    auto reviewers = r.strings("reviewers");
    if (reviewers.size() > most_reviewers) r.fail_at("reviewers", "too_many", "at most 20 reviewers");
    return reviewers;
}

std::string read_title(json::Reader& r) {
    auto title = body::read_text(r, "title", title_bytes);
    if (title.empty()) r.fail_at("title", "missing", "a request has a title");
    return title;
}

}  // namespace

Result<RequestContent> read_request(json::Value body, const schedules::ChangePlace& place) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        RequestContent content;
        content.title = read_title(r);
        content.description = body::read_text(r, "description", description_bytes);
        content.reviewers = read_reviewers(r);
        content.changes = schedules::read_changes(r, place);
        content.is_draft = r.boolean("draft", false);
        return content;
    });
}

Result<RequestContent> patch_request(json::Value patch, const ChangeRequest& present,
                                     const schedules::ChangePlace& place) {
    return body::read_object(patch, [&](json::Reader& r, std::vector<Finding>&) {
        auto content = present.content;
        if (r.has("title")) content.title = read_title(r);
        content.description = body::read_text(r, "description", description_bytes, content.description);
        if (r.has("reviewers")) content.reviewers = read_reviewers(r);
        if (r.has("changes")) content.changes = schedules::read_changes(r, place);
        content.is_draft = r.boolean("draft", content.is_draft);
        if (content.is_draft && !present.content.is_draft)
            r.fail_at("draft", "immutable", "a request that was submitted is no draft again");
        return content;
    });
}

Result<ApprovalBody> read_approval(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        return ApprovalBody{r.string("digest"), body::read_text(r, "comment", comment_bytes)};
    });
}

Result<std::string> read_reason(json::Value body) {
    return body::read_object(
        body, [](json::Reader& r, std::vector<Finding>&) { return body::read_text(r, "reason", comment_bytes); });
}

Result<std::string> read_required_reason(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        auto reason = body::read_text(r, "reason", comment_bytes);
        if (reason.empty()) r.fail_at("reason", "missing", "say why this cannot wait for approvals");
        return reason;
    });
}

Result<std::optional<UnixMillis>> read_apply_time(json::Value body, UnixMillis now) {
    return body::read_object(
        body, [&](json::Reader& r, std::vector<Finding>&) { return body::read_future_time(r, "at", now); });
}

Result<CommentText> read_request_comment(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        CommentText comment{body::read_text(r, "text", 10'000), body::read_text(r, "line", 200)};
        if (comment.text.empty()) r.fail_at("text", "missing", "a comment says something");
        return comment;
    });
}

}  // namespace fanion::cp::requests
