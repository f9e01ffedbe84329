#include "control-plane/requests/change_request.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::requests {
namespace {

constexpr std::string_view state_names[] = {"draft", "open", "declined", "withdrawn", "applied"};

Error refused(Errc code, std::string name, std::string detail) {
    return {code, detail, {{"", "", std::move(name), detail}}};
}

bool is_of_author(Step step) noexcept { return step == Step::edit || step == Step::withdraw; }
bool is_of_others(Step step) noexcept { return step == Step::approve || step == Step::decline; }

RequestState state_after(RequestState state, Step step) noexcept {
    switch (step) {
        case Step::decline:
            return RequestState::declined;
        case Step::withdraw:
            return RequestState::withdrawn;
        case Step::apply:
        case Step::bypass:
            return RequestState::applied;
        case Step::edit:
        case Step::approve:
            break;
    }
    return state;
}

void write_approvals(json::Writer& w, const ChangeRequest& request) {
    w.key("approvals").begin_array();
    for (const auto& approval : request.approvals) {
        w.begin_object().member("user", approval.user_id).member("digest", approval.digest);
        w.member("stands", approval.digest == request.result.digest).member("comment", approval.comment);
        w.member("at", format_rfc3339(approval.at)).end_object();
    }
    w.end_array();
}

void write_result(json::Writer& w, const RequestResult& result) {
    w.key("result").begin_object().member("digest", result.digest).key("changes").begin_array();
    for (const auto& sentence : result.sentences) w.string(sentence);
    w.end_array().member("approvals_required", static_cast<std::uint64_t>(result.required));
    w.member("base", result.base).end_object();
}

}  // namespace

std::string_view name_of(RequestState state) noexcept { return state_names[static_cast<std::size_t>(state)]; }

std::optional<RequestState> parse_request_state(std::string_view name) noexcept {
    const auto found = std::find(std::begin(state_names), std::end(state_names), name);
    if (found == std::end(state_names)) return std::nullopt;
    return static_cast<RequestState>(found - std::begin(state_names));
}

Result<RequestState> decide(RequestState state, Step step, bool is_author) {
    if (state != RequestState::draft && state != RequestState::open)
        return refused(Errc::conflict, "ended", "the request is " + std::string(name_of(state)) + " already");
    if (is_of_author(step) && !is_author)
        return refused(Errc::forbidden, "author_only", "only the author of a request may do this");
    if (is_of_others(step) && is_author)
        return refused(Errc::forbidden, "own_request", "the author of a request cannot judge it: withdraw it");
    if (state == RequestState::draft && !is_of_author(step))
        return refused(Errc::conflict, "draft", "the request is a draft: its author submits it first");
    return state_after(state, step);
}

unsigned standing_approvals(const ChangeRequest& request, std::string_view digest) noexcept {
    const auto stands = [&](const Approval& approval) {
        return approval.digest == digest && approval.user_id != request.author.id;
    };
    return static_cast<unsigned>(std::count_if(request.approvals.begin(), request.approvals.end(), stands));
}

bool is_approved(const ChangeRequest& request) noexcept {
    return request.state == RequestState::open && !request.result.digest.empty() &&
           standing_approvals(request, request.result.digest) >= request.result.required;
}

Result<> check_approved(const ChangeRequest& request, const RequestResult& present) {
    const auto standing = standing_approvals(request, present.digest);
    if (standing >= present.required) return boost::system::in_place_value;
    auto detail = "this takes " + std::to_string(present.required) +
                  (present.required == 1 ? " approval and has " : " approvals and has ") + std::to_string(standing);
    if (present.digest != request.result.digest) detail += "; what it comes to has changed since it was approved";
    return refused(Errc::conflict, "approvals_missing", std::move(detail));
}

Rebase compare(const RequestResult& before, const RequestResult& after) noexcept {
    return before.digest == after.digest && before.required == after.required ? Rebase::same : Rebase::asks_again;
}

RequestResult refused_result(const RequestResult& before, const Error& error) {
    auto after = before;
    after.digest.clear();
    after.sentences = {"Cannot be made now: " + error.detail + "."};
    return after;
}

void write_request(json::Writer& w, const ChangeRequest& request) {
    const auto& content = request.content;
    w.begin_object().member("id", request.request_id.str()).member("title", content.title);
    w.member("description", content.description);
    w.member("state", is_approved(request) ? "approved" : name_of(request.state)).key("author");
    schedules::write_creator(w, request.author);
    w.key("reviewers").begin_array();
    for (const auto& reviewer : content.reviewers) w.string(reviewer);
    w.end_array().key("changes").begin_array();
    for (const auto& change : content.changes) schedules::write_change(w, change);
    w.end_array();
    write_result(w, request.result);
    write_approvals(w, request);
    w.member("reason", request.reason).member("ended_by", request.ended_by).key("ended_at");
    if (request.ended_at) {
        w.string(format_rfc3339(*request.ended_at));
    } else {
        w.null();
    }
    w.member("created_at", format_rfc3339(request.created_at));
    w.member("updated_at", format_rfc3339(request.updated_at)).member("version", request.version).end_object();
}

std::string request_text(const ChangeRequest& request) {
    return body::text_of([&](json::Writer& w) { write_request(w, request); });
}

}  // namespace fanion::cp::requests
