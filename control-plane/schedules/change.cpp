#include "control-plane/schedules/change.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::schedules {
namespace {

constexpr std::size_t most_path_bytes = 512;
constexpr std::size_t most_comment_bytes = 1000;
constexpr std::string_view default_type = "application/json";
constexpr std::string_view media_types[] = {default_type, "application/merge-patch+json", "application/json-patch+json",
                                            "application/vnd.fanion.instructions+json"};

// Below the project; "*" is any key, "!" the key of the environment.
struct Target {
    std::string_view methods;
    std::string_view path;
};
constexpr Target targets[] = {
    {"PUT PATCH", "flags/*/environments/!"},
    {"PUT PATCH", "segments/*/environments/!"},
    {"POST", "flags"},
    {"PUT PATCH DELETE", "flags/*"},
    {"POST", "flags/*/clone"},
    {"POST", "segments"},
    {"PUT PATCH DELETE", "segments/*"},
    {"POST", "segments/*/clone"},
    {"POST", "bulk"},
    {"POST", "environments/!/promote"},
    {"POST", "environments/!/rollback"},
    {"POST", "environments/!/rollouts"},
    {"PATCH", "environments/!/rollouts/*"},
};

using Steps = std::vector<std::string_view>;

bool has_word(std::string_view words, std::string_view word) {
    const auto all = split(words, ' ');
    return std::find(all.begin(), all.end(), word) != all.end();
}

// With any environment in the place of "!".
bool has_form(std::string_view pattern, const Steps& steps) {
    const auto wanted = split(pattern, '/');
    if (wanted.size() != steps.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool is_name = wanted[i] == "*" || wanted[i] == "!";
        if (is_name ? !is_valid_key(steps[i]) : wanted[i] != steps[i]) return false;
    }
    return true;
}

std::string_view environment_in(std::string_view pattern, const Steps& steps) {
    const auto wanted = split(pattern, '/');
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i] == "!") return steps[i];
    return {};
}

// A bulk change names its environments in its body.
bool stays_in(const ChangePlace& place, json::Value body) {
    const auto changes = body ? body.find("changes") : json::Value();
    if (!changes || !changes.is(json::Kind::array)) return true;
    for (const auto change : changes.elements()) {
        const auto environment = change.is(json::Kind::object) ? change.find("environment") : json::Value();
        if (environment && environment.is(json::Kind::string) && environment.as_string() != place.environment)
            return false;
    }
    return true;
}

void check_target(json::Reader& r, const Change& change, const ChangePlace& place, json::Value body) {
    const std::string elsewhere = "a change is of project " + place.project + ", and of environment " +
                                  place.environment + " or of what is common to all environments";
    const auto prefix = "projects/" + place.project + '/';
    if (!change.path.starts_with(prefix)) return r.fail_at("path", "elsewhere", elsewhere);
    const auto steps = split(std::string_view(change.path).substr(prefix.size()), '/');
    for (const auto& target : targets) {
        if (!has_word(target.methods, change.method) || !has_form(target.path, steps)) continue;
        const auto environment = environment_in(target.path, steps);
        if (!environment.empty() && environment != place.environment) r.fail_at("path", "elsewhere", elsewhere);
        if (target.path == "bulk" && !stays_in(place, body)) r.fail_at("body", "elsewhere", elsewhere);
        return;
    }
    r.fail_at("path", "unknown_change", "no change can be kept for " + change.method + ' ' + change.path);
}

std::string read_type(json::Reader& r) {
    auto type = r.string("type", default_type);
    if (std::find(std::begin(media_types), std::end(media_types), type) == std::end(media_types))
        r.fail_at("type", "unknown_type", "no body of a change has this type");
    return type;
}

}  // namespace

Change read_change(json::Reader& r, const ChangePlace& place) {
    Change change;
    change.method = r.string("method");
    change.path = r.string("path");
    change.media_type = read_type(r);
    const auto body = r.optional_any("body");
    change.comment = body::read_text(r, "comment", most_comment_bytes);
    if (body && !body.is(json::Kind::null)) change.body = body.to_text();
    if (change.body.size() > most_change_bytes)
        r.fail_at("body", "too_long", "the body of a change has at most 64 KiB");
    if (change.path.size() > most_path_bytes) {
        r.fail_at("path", "too_long", "the path of a change has at most 512 bytes");
    } else if (body::has_string(r, "path") && body::has_string(r, "method")) {
        check_target(r, change, place, body);
    }
    return change;
}

std::vector<Change> read_changes(json::Reader& r, const ChangePlace& place) {
    std::vector<Change> changes;
    if (!r.has("changes")) {
        r.fail_at("changes", "missing", "a list of changes");
        return changes;
    }
    auto readers = r.array("changes");
    if (readers.empty() || readers.size() > most_changes) {
        r.fail_at("changes", "out_of_range", "1 to 20 changes");
        return changes;
    }
    std::size_t bytes = 0;
    for (auto& each : readers) {
        changes.push_back(read_change(each, place));
        each.finish(json::UnknownFields::refuse);
        bytes += changes.back().body.size();
    }
    if (bytes > most_change_bytes)
        r.fail_at("changes", "too_long", "the bodies of the changes of a request have at most 64 KiB together");
    return changes;
}

void write_change(json::Writer& w, const Change& change) {
    w.begin_object().member("method", change.method).member("path", change.path).member("type", change.media_type);
    w.key("body");
    if (change.body.empty()) {
        w.null();
    } else {
        w.raw(change.body);
    }
    w.member("comment", change.comment).end_object();
}

std::string to_text(const std::vector<Change>& changes) {
    return body::object_text([&](json::Writer& w) {
        w.key("changes").begin_array();
        for (const auto& change : changes) write_change(w, change);
        w.end_array();
    });
}

std::vector<Change> changes_of(std::string_view text) {
    return body::read_stored(text, [](json::Reader& r) {
        std::vector<Change> changes;
        for (auto& each : r.array("changes")) {
            Change change;
            change.method = each.string("method");
            change.path = each.string("path");
            change.media_type = each.string("type");
            if (const auto body = each.optional_any("body"); body && !body.is(json::Kind::null))
                change.body = body.to_text();
            change.comment = each.string("comment");
            changes.push_back(std::move(change));
        }
        return changes;
    });
}

}  // namespace fanion::cp::schedules
