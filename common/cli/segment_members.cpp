#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/pages.hpp"
#include "common/cli/segment_options.hpp"
#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

constexpr std::size_t part_bytes = limits::request_body_bytes;

std::string list_query(const SegmentOptions& options) {
    return "list=" + options.list + "&attribute=" + percent_encode(options.attribute);
}

// The query of a change, which begins with `more`.
std::string query_of(const SegmentOptions& options, const std::string& more) {
    auto query = change_query(options);
    if (!query.empty()) query[0] = '&';
    return '?' + more + list_query(options) + query;
}

std::string json_of_values(const SegmentOptions& options, std::string_view member) {
    std::string body;
    json::Writer w(body);
    w.begin_object().key(member).begin_array();
    for (const auto& value : options.values) w.string(value);
    w.end_array().end_object();
    return body;
}

bool is_csv(const SegmentOptions& options) {
    return options.format.empty() ? options.file.ends_with(".csv") : options.format == "csv";
}

// A change of a list whatever its present version: what it adds and removes does not depend on it.
Result<net::ClientResponse> send_change(FlagPlace& place, AdminCall call) {
    call.if_match = "*";
    return place.client().call(call);
}

Result<std::string> id_in(const net::ClientResponse& response) {
    json::Document document;
    if (auto parsed = read_answer(document, response); !parsed) return parsed.error();
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    return r.string("id");
}

// A file that is larger than the body of a request, in parts.
Result<net::ClientResponse> apply_in_parts(FlagPlace& place, const SegmentOptions& options, const Terminal& terminal,
                                           std::string_view text, const std::string& query) {
    const auto uploads = place.members(options.key) + "/uploads";
    const bool csv = is_csv(options);
    const auto made = place.client().call(
        {.method = net::Method::post, .path = uploads, .body = csv ? R"({"format":"csv"})" : R"({"format":"lines"})"});
    if (!made) return made.error();
    const auto id = id_in(*made);
    if (!id) return id.error();
    const auto upload = uploads + '/' + *id;
    const auto parts = (text.size() + part_bytes - 1) / part_bytes;
    const auto send = [&]() -> Result<net::ClientResponse> {
        for (std::size_t at = 0, part = 1; at < text.size(); at += part_bytes, ++part) {
            terminal.note("sending part " + std::to_string(part) + " of " + std::to_string(parts));
            const auto put = place.client().call({.method = net::Method::put,
                                                  .path = upload + "/parts/" + std::to_string(part),
                                                  .body = std::string(text.substr(at, part_bytes)),
                                                  .content_type = csv ? "text/csv" : "text/plain"});
            if (!put) return put.error();
        }
        terminal.note("applying the file");
        return send_change(place, {.method = net::Method::post, .path = upload + "/apply" + query});
    };
    auto applied = send();
    // An upload that was not applied would stand in the way of others until it expires.
    if (!applied || options.dry_run)
        static_cast<void>(place.client().call({.method = net::Method::del, .path = upload}));
    return applied;
}

Result<net::ClientResponse> apply_file(FlagPlace& place, const SegmentOptions& options, const Terminal& terminal,
                                       std::string_view mode) {
    auto text = read_file(options.file);
    if (!text) return text.error();
    auto query = query_of(options, "mode=" + std::string(mode) + '&');
    if (!options.column.empty()) query += "&column=" + percent_encode(options.column);
    if (text->size() > limits::environment_bytes)
        return Error{Errc::invalid_input, options.file + " is larger than 32 MiB", {}};
    if (text->size() > part_bytes) return apply_in_parts(place, options, terminal, *text, query);
    return send_change(place, {.method = net::Method::post,
                               .path = place.members(options.key) + query,
                               .body = std::move(*text),
                               .content_type = is_csv(options) ? "text/csv" : "text/plain"});
}

std::string describe_members_change(const SegmentOptions& options, const net::ClientResponse& response) {
    json::Document document;
    if (!read_answer(document, response)) return {};
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    const auto number = [&](const char* member) { return std::to_string(r.unsigned_integer(member, 0)); };
    auto text = options.key + ": " + number("added") + " added, " + number("removed") + " removed, " +
                number("already_there") + " already there, " + number("not_there") + " not there; ";
    return text + options.list + " in " + r.string("environment", "") + " has " + number("total") + " values" +
           (options.dry_run ? " (dry run: nothing was changed)" : "");
}

// `mode`: add, remove or replace, which are also the members of a change by values.
Exit change_members(const SegmentOptions& options, const Terminal& terminal, std::string_view mode) {
    auto place = FlagPlace::open(options, true);
    if (!place) return terminal.fail(place.error());
    if (options.values.empty() == options.file.empty())
        return terminal.fail(Exit::usage, "give values, or a file with --file");
    const auto confirmed = options.dry_run ? Result<>() : confirm_change(*place, options);
    if (!confirmed) return terminal.fail(confirmed.error());
    const auto changed = options.file.empty()
                             ? send_change(*place, {.method = net::Method::patch,
                                                    .path = place->members(options.key) + query_of(options, ""),
                                                    .body = json_of_values(options, mode)})
                             : apply_file(*place, options, terminal, mode);
    if (!changed) return terminal.fail(changed.error());
    terminal.warn(warnings_of(*changed));
    terminal.print(terminal.json ? changed->body : describe_members_change(options, *changed));
    return Exit::ok;
}

}  // namespace

// Without a heading, so that what is printed can be given to `replace` again.
Exit run_list_members(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, true);
    if (!place) return terminal.fail(place.error());
    auto query = '&' + list_query(options);
    if (!options.prefix.empty()) query += "&q=" + percent_encode(options.prefix);
    const auto values = read_list(place->client(), place->members(options.key), query);
    if (!values) return terminal.fail(values.error());
    if (terminal.json) {
        terminal.print(array_of(*values));
        return Exit::ok;
    }
    for (const auto& value : *values) {
        json::Document document;
        if (auto parsed = document.parse(value); !parsed) return terminal.fail(parsed.error());
        terminal.print(document.root().as_string());
    }
    return Exit::ok;
}

Exit run_add_members(const SegmentOptions& options, const Terminal& terminal) {
    return change_members(options, terminal, "add");
}

Exit run_remove_members(const SegmentOptions& options, const Terminal& terminal) {
    return change_members(options, terminal, "remove");
}

Exit run_replace_members(const SegmentOptions& options, const Terminal& terminal) {
    return change_members(options, terminal, "replace");
}

}  // namespace fanion::cli
