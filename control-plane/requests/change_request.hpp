#pragma once

// Change requests: changes that others approve before they are made. Pure.
//
// What is approved is a digest (requests/digest.hpp) of the changes and of what they would come to.
// When the environment has changed meanwhile, the changes are made of what is there then; if that
// comes to the same, approvals stand, else they are asked for again.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/strong_id.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/schedules/change.hpp"
#include "control-plane/schedules/creator.hpp"

namespace fanion::cp::requests {

using RequestId = StrongId<struct RequestIdTag>;

inline constexpr std::size_t most_requests = 500;  // of an organisation, that have not ended
inline constexpr std::size_t most_reviewers = 20;
inline constexpr std::size_t most_comments = 500;  // of a request

enum class RequestState { draft, open, declined, withdrawn, applied };
std::string_view name_of(RequestState state) noexcept;
std::optional<RequestState> parse_request_state(std::string_view name) noexcept;

// What the changes came to when they were last tried.
struct RequestResult {
    std::string digest;  // empty: they could not be made
    std::vector<std::string> sentences;
    unsigned required = 0;  // approvals: the most that one of the changed environments wants
    std::string base;       // the environment's version
    std::string tried_of;   // project_base() before; not shown
    friend bool operator==(const RequestResult&, const RequestResult&) = default;
};

struct Approval {
    std::string user_id;
    std::string digest;
    std::string comment;
    UnixMillis at = 0;
    friend bool operator==(const Approval&, const Approval&) = default;
};

// What people write.
struct RequestContent {
    std::string title;
    std::string description;
    std::vector<std::string> reviewers;  // ids of members: who is asked; others may approve as well
    std::vector<schedules::Change> changes;
    bool is_draft = false;
    friend bool operator==(const RequestContent&, const RequestContent&) = default;
};

struct ChangeRequest {
    RequestId request_id;
    std::uint64_t number = 0;  // in the order of their creation
    RequestContent content;
    RequestState state = RequestState::open;
    schedules::Creator author;
    RequestResult result;
    std::vector<Approval> approvals;  // the last of each person
    std::string reason;               // of its end
    std::string ended_by;
    std::optional<UnixMillis> ended_at;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::uint64_t version = 1;
};

enum class Step { edit, approve, decline, withdraw, apply, bypass };
// Whether the step may be taken, and the state after it. Errors: forbidden for what only the author
// may do (author_only) or others (own_request); conflict for a draft and for what has ended.
Result<RequestState> decide(RequestState state, Step step, bool is_author);

// The approvals that are of this result, none of the author's own.
unsigned standing_approvals(const ChangeRequest& request, std::string_view digest) noexcept;
bool is_approved(const ChangeRequest& request) noexcept;
// Error: conflict, approvals_missing.
Result<> check_approved(const ChangeRequest& request, const RequestResult& present);

// Errors: invalid_input with findings.
Result<RequestContent> read_request(json::Value body, const schedules::ChangePlace& place);
// A JSON Merge Patch of what people write; `draft` becomes false only.
Result<RequestContent> patch_request(json::Value patch, const ChangeRequest& present,
                                     const schedules::ChangePlace& place);

// {"digest","comment"}
struct ApprovalBody {
    std::string digest;
    std::string comment;
};
Result<ApprovalBody> read_approval(json::Value body);
// {"reason"}
Result<std::string> read_reason(json::Value body);           // may be missing
Result<std::string> read_required_reason(json::Value body);  // may not
// {"at"}; nullopt: now.
Result<std::optional<UnixMillis>> read_apply_time(json::Value body, UnixMillis now);
// {"text"}
struct CommentText {
    std::string text;
    std::string line;  // what it is about, as whoever shows the request calls it; empty: all of it
};
Result<CommentText> read_request_comment(json::Value body);

// What becomes of an open request that has been tried again, of another base.
enum class Rebase {
    same,        // its approvals stand
    asks_again,  // the result is another one, or takes another number of approvals
};
Rebase compare(const RequestResult& before, const RequestResult& after) noexcept;
// The result of changes that are refused now: no approval is of it.
RequestResult refused_result(const RequestResult& before, const Error& error);

std::string request_text(const ChangeRequest& request);
void write_request(json::Writer& w, const ChangeRequest& request);

}  // namespace fanion::cp::requests
