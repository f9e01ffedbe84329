#pragma once

// What a request makes of one of a segment's lists, as one change of its configuration. The work on
// long lists is done on the blocking pool.

#include <optional>
#include <string>
#include <vector>

#include "control-plane/http/edit.hpp"
#include "control-plane/segments/members.hpp"
#include "control-plane/segments/value_file.hpp"

namespace fanion::cp::segments {

// Which list a request is about: its parameters `list` and `attribute`. Errors: invalid_input.
Result<MemberList> read_member_list(http::Call& call);

// What is to be made of a file: its parameters `list`, `attribute`, `mode` and `column`.
struct FileRequest {
    MemberList list;
    MemberMode mode{};
    std::string column;
};
// Errors: invalid_input.
Result<FileRequest> read_file_request(http::Call& call);

struct MemberEdit {
    MemberList list;
    MemberChange change;
    bool replaces = false;            // `change.add` are all values that the list is to have
    std::optional<ValueFile> file{};  // without its values: where the change comes from
};
MemberEdit member_edit_of(FileRequest request, ValueFile file);

// For http::edit_resource(), below ".../environments/{env}/members". Errors: not_found, forbidden,
// those of Edit::match() and Edit::publish(), unprocessable and too_large.
http::EditResult edit_members(http::Edit& edit, MemberEdit wanted);

// The path of the configuration, of a request below it, as the audit log has it.
std::string config_resource(const http::Call& call);

}  // namespace fanion::cp::segments
