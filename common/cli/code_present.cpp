#include <algorithm>

#include "common/base/text.hpp"
#include "common/cli/code_options.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"

namespace fanion::cli {
namespace {

using json::Reader;
using json::UnknownFields;

// Reads one JSON object. Error: internal if the server's response is not what it should be.
template <class Read>
Result<> read_object(std::string_view text, Read read) {
    json::Document document;
    std::vector<Finding> findings;
    if (auto parsed = document.parse(text, {.bytes = text.size()}); !parsed) return parsed;
    Reader r(document.root(), findings);
    read(r);
    if (!findings.empty()) return Error{Errc::internal, "the server's response is not understood", findings};
    return {};
}

void read_definition(Reader& r, flagfile::Flag& flag) {
    flag.type = model::read_flag_type(r, "type");
    flag.name = r.string("name", "");
    flag.description = r.string("description", "");
    flag.tags = r.strings("tags");
    flag.owner = r.string("owner", "");
    flag.variations = model::read_variations(r, "variations", UnknownFields::ignore);
    flag.client = r.boolean("client", false);
    flag.track = r.boolean("track", false);
    flag.archived = r.boolean("archived", false);
    flag.salt = r.string("salt");
    flag.version = r.unsigned_integer("version");
}

Result<> read_definitions(FlagPlace& place, flagfile::Project& project) {
    const auto flags = read_list(place.client(), place.flags());
    if (!flags) return flags.error();
    for (const auto& text : *flags) {
        auto read = read_object(text, [&](Reader& r) { read_definition(r, project.flags[r.string("key")]); });
        if (!read) return read;
    }
    const auto segments = read_list(place.client(), place.project() + "/segments");
    if (!segments) return segments.error();
    for (const auto& text : *segments) {
        auto read = read_object(text, [&](Reader& r) {
            auto& segment = project.segments[r.string("key")];
            segment.name = r.string("name", "");
            segment.description = r.string("description", "");
            segment.tags = r.strings("tags");
            segment.owner = r.string("owner", "");
            segment.client = r.boolean("client", false);
            segment.archived = r.boolean("archived", false);
            segment.version = r.unsigned_integer("version");
        });
        if (!read) return read;
    }
    return {};
}

Result<flagfile::FlagIn> read_config(FlagPlace& place, const std::string& key, const std::string& environment) {
    const auto response =
        place.client().call({.path = place.flag(key) + "/environments/" + percent_encode(environment)});
    if (!response) return response.error();
    flagfile::FlagIn in;
    auto read = read_object(response->body, [&](Reader& r) {
        in.config = model::read_flag_config(r, UnknownFields::ignore);
        in.version = r.unsigned_integer("version");
    });
    if (!read) return read.error();
    return in;
}

// All configurations of an environment at once; those of archived flags and segments are not among them.
Result<> read_environment(FlagPlace& place, const std::string& environment, flagfile::Project& project) {
    const auto path = place.project() + "/environments/" + percent_encode(environment) + "/ruleset?form=plain";
    const auto response = place.client().call({.path = path});
    if (!response) return response.error();
    return read_object(response->body, [&](Reader& r) {
        for (auto& place_of : r.array("flags")) {
            auto flag = model::read_flag(place_of, UnknownFields::ignore);
            const auto found = project.flags.find(flag.key);  // one that was created just now is for the next time
            if (found != project.flags.end())
                found->second.environments[environment] = {std::move(flag.config), flag.version};
        }
        for (auto& place_of : r.array("segments")) {
            auto segment = model::read_segment(place_of, UnknownFields::ignore);
            const auto found = project.segments.find(segment.key);
            const auto version = segment.version;
            if (found != project.segments.end())
                found->second.environments[environment] = {std::move(segment), version};
        }
    });
}

Result<> read_members(FlagPlace& place, const std::string& key, const std::set<std::string>& environments,
                      flagfile::Segment& segment) {
    for (const auto& environment : environments) {
        const auto path = place.segment(key) + "/environments/" + percent_encode(environment);
        const auto response = place.client().call({.path = path});
        if (!response) return response.error();
        auto read = read_object(response->body, [&](Reader& r) {
            auto& in = segment.environments[environment];
            in.members = model::read_segment_body(r, UnknownFields::ignore);
            in.version = r.unsigned_integer("version");
        });
        if (!read) return read;
    }
    return {};
}

Result<> read_environments(FlagPlace& place, const std::vector<std::string>& selected, PresentProject& present) {
    const auto whole = place.client().call({.path = place.project() + "/environments"});  // it has no pages
    if (!whole) return whole.error();
    const auto environments = elements_of(*whole);
    if (!environments) return environments.error();
    const std::set<std::string> wanted(selected.begin(), selected.end());
    for (const auto& text : *environments) {
        auto read = read_object(text, [&](Reader& r) {
            const auto key = r.string("key");
            if (!wanted.empty() && !wanted.contains(key)) return;
            present.environments.insert(key);
            if (r.boolean("protected", false)) present.guarded.insert(key);
        });
        if (!read) return read;
    }
    for (const auto& key : wanted) {
        if (!present.environments.contains(key))
            return Error{Errc::not_found, "the project has no environment `" + key + "`"};
    }
    return {};
}

}  // namespace

Result<flagfile::Flag> read_present_flag(FlagPlace& place, const std::string& key,
                                         const std::set<std::string>& environments) {
    const auto response = place.client().call({.path = place.flag(key)});
    if (!response) return response.error();
    flagfile::Flag flag;
    if (auto read = read_object(response->body, [&](Reader& r) { read_definition(r, flag); }); !read)
        return read.error();
    for (const auto& environment : environments) {
        auto in = read_config(place, key, environment);
        if (!in) return in.error();
        flag.environments[environment] = std::move(*in);
    }
    return flag;
}

Result<PresentProject> read_present(FlagPlace& place, const std::string& project,
                                    const std::vector<std::string>& selected) {
    PresentProject present;
    present.project.key = project;
    if (auto read = read_environments(place, selected, present); !read) return read.error();
    if (auto read = read_definitions(place, present.project); !read) return read.error();
    for (const auto& environment : present.environments)
        if (auto read = read_environment(place, environment, present.project); !read) return read.error();
    for (auto& [key, segment] : present.project.segments) {
        if (!segment.archived) continue;
        if (auto read = read_members(place, key, present.environments, segment); !read) return read.error();
    }
    for (auto& [key, flag] : present.project.flags) {
        if (!flag.archived) continue;
        auto whole = read_present_flag(place, key, present.environments);
        if (!whole) return whole.error();
        flag = std::move(*whole);
    }
    return present;
}

}  // namespace fanion::cli
