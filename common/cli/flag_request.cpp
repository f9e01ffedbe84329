// A change of a flag that others are asked to approve.

#include <algorithm>

#include "common/cli/exchange.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

// The body of a change request with that change alone.
std::string change_request_of(const FlagPlace& place, const FlagOptions& options, const ConfigChange& change) {
    const auto call = config_call(place, options, change);
    std::string body;
    json::Writer w(body);
    w.begin_object().member("title", options.request).key("changes").begin_array().begin_object();
    w.member("method", "PATCH").member("path", call.path.substr(place.organisation().size() + 1));
    w.member("type", call.content_type).member("comment", options.comment).key("body").raw(call.body);
    w.end_object().end_array().end_object();
    return body;
}

}  // namespace

Exit ask_for_change(FlagPlace& place, const FlagOptions& options, const Terminal& terminal,
                    const ConfigChange& change) {
    const auto made = place.client().call({.method = net::Method::post,
                                           .path = place.environment() + "/requests",
                                           .body = change_request_of(place, options, change)});
    if (!made) return terminal.fail(made.error());
    json::Document document;
    if (auto parsed = read_answer(document, *made); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? made->body : "created " + r.string("id"));
    return Exit::ok;
}

Error with_advice(Error error) {
    const bool needs_approval =
        std::ranges::any_of(error.findings, [](const Finding& finding) { return finding.code == "approval_required"; });
    if (needs_approval) error.detail += "; --request TITLE makes one of this";
    return error;
}

}  // namespace fanion::cli
