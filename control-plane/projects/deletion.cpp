#include "control-plane/projects/deletion.hpp"

#include <utility>

#include "control-plane/body/fields.hpp"

namespace fanion::cp::projects {
namespace {

Error confirmation_error(Errc code, std::string finding, std::string detail) {
    return {code, detail, {{"", "?confirm", std::move(finding), detail}}};
}

// "1 flag", "2 flags"
std::string counted(std::uint64_t n, std::string_view what) {
    return std::to_string(n) + ' ' + std::string(what) + (n == 1 ? "" : "s");
}

}  // namespace

Result<> check_confirmation(const http::Call& call, std::string_view key) {
    const auto given = call.request.query("confirm");
    const auto wanted = "?confirm=" + std::string(key);
    if (!given) {
        return confirmation_error(Errc::precondition_required, "required",
                                  "this deletes everything in it: confirm it with " + wanted);
    }
    if (*given == key) return boost::system::in_place_value;
    return confirmation_error(
        Errc::unprocessable, "not_confirmed",
        "the confirmation names something else: what is deleted here is confirmed with " + wanted);
}

Result<bool> wants_deleted(const http::Call& call) {
    const auto text = call.request.query("deleted");
    if (!text || *text == "false") return false;
    if (*text == "true") return true;
    const std::string detail = "`deleted` is `true` or `false`";
    return Error{Errc::invalid_input, detail, {{"", "?deleted", "malformed", detail}}};
}

UnixMillis restorable_since(const http::Call& call) { return call.now() - restorable_for; }

std::string describe_deletion(std::string_view what, const Contents& contents) {
    std::vector<std::string> parts;
    if (contents.projects > 0) parts.push_back(counted(contents.projects, "project"));
    parts.push_back(counted(contents.environments, "environment"));
    parts.push_back(counted(contents.flags, "flag"));
    parts.push_back(counted(contents.segments, "segment"));
    parts.push_back(counted(contents.keys, "key"));
    std::string text = "Deletes the " + std::string(what) + " with ";
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
        text += parts[i];
    }
    return text + '.';
}

http::EditOutcome restored(const http::Edit& edit, audit::Action action, http::Before before, std::string text,
                           std::string tag) {
    auto outcome = edit.changed(action, std::move(before), std::move(text), std::move(tag));
    auto& resource = outcome.audit->resource;
    resource.erase(resource.rfind('/'));
    return outcome;
}

Result<> read_nothing(json::Value body) {
    const auto read = body::read_object(body, [](json::Reader&, std::vector<Finding>&) { return true; });
    if (!read) return read.error();
    return boost::system::in_place_value;
}

}  // namespace fanion::cp::projects
