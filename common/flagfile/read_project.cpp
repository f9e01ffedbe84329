#include <utility>

#include "common/base/text.hpp"
#include "common/flagfile/project.hpp"
#include "common/flagfile/shares.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/expand.hpp"

namespace fanion::flagfile {
namespace {

using json::Kind;
using json::Reader;
using json::Tree;
using json::UnknownFields;

constexpr std::uint64_t format_version = 1;

void append_findings(const Error& error, const std::string& pointer, std::vector<Finding>& findings) {
    for (auto finding : error.findings) {
        finding.pointer.insert(0, pointer);
        findings.push_back(std::move(finding));
    }
}

// Calls `read` with a Reader of what the file means: texts of conditions as trees.
template <class Read>
void read_expanded(Tree body, const std::string& pointer, std::vector<Finding>& findings, Read read) {
    const auto found = rule::expand_body(body, pointer, limits::composed_bytes);
    findings.insert(findings.end(), found.begin(), found.end());
    expand_weights(body, pointer, findings);
    const auto document = json::to_document(body, {.bytes = limits::composed_bytes});
    if (!document) return append_findings(document.error(), pointer, findings);
    Reader r(document->root(), findings, pointer);
    read(r);
    r.finish(UnknownFields::refuse);
}

FlagIn read_config(json::Value value, const Flag& flag, const std::string& pointer, std::vector<Finding>& findings) {
    FlagIn in;
    Tree body(value);
    if (!body.is(Kind::object)) {
        findings.push_back({"", pointer, "wrong_type", "a configuration is an object"});
        return in;
    }
    set_default_serving(flag, body);
    read_expanded(std::move(body), pointer, findings,
                  [&](Reader& r) { in.config = model::read_flag_config(r, UnknownFields::refuse); });
    return in;
}

SegmentIn read_members(json::Value value, const std::string& pointer, std::vector<Finding>& findings) {
    SegmentIn in;
    if (!value.is(Kind::object)) {
        findings.push_back({"", pointer, "wrong_type", "a configuration is an object"});
        return in;
    }
    read_expanded(Tree(value), pointer, findings,
                  [&](Reader& r) { in.members = model::read_segment_body(r, UnknownFields::refuse); });
    return in;
}

// Calls `each` with the name, the value and the pointer of each member.
template <class Each>
void for_members(Reader& r, std::string_view member, std::vector<Finding>& findings, Each each) {
    auto object = r.optional_object(member);
    if (!object || !object->is_object()) return;
    for (const auto& [name, value] : object->value().members()) {
        auto pointer = object->pointer();
        json::append_pointer(pointer, name);
        if (!is_valid_key(name))
            findings.push_back({"", pointer, "bad_key",
                                "a key is 1 to 100 letters, digits, `.`, `_`, `-`, and starts with a letter or digit"});
        each(std::string(name), value, pointer);
    }
}

Flag read_one_flag(const std::string& key, Reader& r, std::vector<Finding>& findings) {
    Flag flag;
    flag.type = model::read_flag_type(r, "type");
    flag.name = r.string("name", "");
    flag.description = r.string("description", "");
    flag.tags = r.strings("tags");
    flag.owner = r.string("owner", "");
    const bool has_own = r.has("variations") || flag.type != model::FlagType::boolean;
    flag.variations = has_own ? model::read_variations(r, "variations")
                              : std::vector<model::Variation>{{"on", "true"}, {"off", "false"}};
    flag.client = r.boolean("client", false);
    flag.track = r.boolean("track", false);
    flag.archived = r.boolean("archived", false);
    flag.salt = r.string("salt", key);
    for_members(r, "environments", findings,
                [&](const std::string& name, json::Value value, const std::string& pointer) {
                    flag.environments[name] = read_config(value, flag, pointer, findings);
                });
    r.finish(UnknownFields::refuse);
    return flag;
}

Segment read_one_segment(Reader& r, std::vector<Finding>& findings) {
    Segment segment;
    segment.name = r.string("name", "");
    segment.description = r.string("description", "");
    segment.tags = r.strings("tags");
    segment.owner = r.string("owner", "");
    segment.client = r.boolean("client", false);
    segment.archived = r.boolean("archived", false);
    for_members(r, "environments", findings,
                [&](const std::string& name, json::Value value, const std::string& pointer) {
                    segment.environments[name] = read_members(value, pointer, findings);
                });
    r.finish(UnknownFields::refuse);
    return segment;
}

}  // namespace

void set_default_serving(const Flag& flag, Tree& config) {
    const auto has = [&](std::string_view key) {
        for (const auto& variation : flag.variations)
            if (variation.key == key) return true;
        return false;
    };
    const bool switches = flag.type == model::FlagType::boolean && has("on") && has("off");
    const auto first = flag.variations.empty() ? std::string() : flag.variations.front().key;
    const bool is_boolean = flag.type == model::FlagType::boolean;
    if (config.find("enabled") == nullptr) config.set("enabled", Tree::boolean(false));
    if (config.find("off") == nullptr && (switches || !is_boolean))
        config.set("off", Tree::string(switches ? "off" : first));
    if (config.find("fallthrough") == nullptr)
        config.set("fallthrough", Tree::object().set("variation", Tree::string(switches ? "on" : first)));
}

model::FlagConfig default_config(const Flag& flag) {
    auto body = Tree::object();
    set_default_serving(flag, body);
    const auto document = json::to_document(body);
    std::vector<Finding> ignored;
    Reader r(document->root(), ignored);
    return model::read_flag_config(r, UnknownFields::ignore);
}

Project read_project(json::Value root, std::vector<Finding>& findings) {
    Project project;
    Reader r(root, findings);
    if (r.unsigned_integer("fanion") != format_version && r.is_object() && r.has("fanion"))
        r.fail_at("fanion", "out_of_range", "this program reads format 1");
    project.key = r.string("project");
    for_members(r, "segments", findings, [&](const std::string& key, json::Value value, const std::string& pointer) {
        Reader one(value, findings, pointer);
        project.segments[key] = read_one_segment(one, findings);
    });
    for_members(r, "flags", findings, [&](const std::string& key, json::Value value, const std::string& pointer) {
        Reader one(value, findings, pointer);
        project.flags[key] = read_one_flag(key, one, findings);
    });
    r.finish(UnknownFields::refuse);
    return project;
}

}  // namespace fanion::flagfile
