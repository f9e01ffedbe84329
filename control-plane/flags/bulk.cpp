#include "control-plane/flags/bulk.hpp"

#include <algorithm>
#include <utility>

#include "common/json/tree.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/flags/flag_patch.hpp"
#include "control-plane/flags/flag_sentences.hpp"
#include "control-plane/items/sentences.hpp"

namespace fanion::cp::flags {
namespace {

using json::Reader;

void read_versions(Reader& r, BulkChange& change) {
    auto versions = r.optional_object("versions");
    if (!versions) return;
    for (const auto& flag : change.flags)
        if (versions->has(flag)) change.versions[flag] = versions->unsigned_integer(flag);
    versions->finish(json::UnknownFields::refuse);
}

void read_flag_keys(Reader& r, BulkChange& change) {
    change.flags = r.strings("flags");
    if (!r.has("flags") ||
        (change.flags.empty() && r.optional_any("flags").is(json::Kind::array) && r.optional_any("flags").size() == 0))
        r.fail_at("flags", "missing", "give the keys of at least one flag");
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < change.flags.size(); ++i) {
        if (!seen.insert(change.flags[i]).second)
            r.element("flags", i, {}).fail("duplicate", "`" + change.flags[i] + "` is listed twice");
    }
}

void read_instructions_of(Reader& r, BulkChange& change) {
    const auto list = r.any("instructions");
    if (!list) return;
    auto body = json::Tree::object().set("instructions", json::Tree(list));
    auto document = json::to_document(body, body::composed_limits());
    if (document) change.body = std::move(*document);
}

BulkChange read_change(Reader& r) {
    BulkChange change;
    change.pointer = r.pointer();
    read_flag_keys(r, change);
    change.environment = r.string("environment", "");
    if (r.has("environment") && change.environment.empty() && body::has_string(r, "environment"))
        r.fail_at("environment", "bad_key", "an environment's key is not empty");
    read_versions(r, change);
    read_instructions_of(r, change);
    r.finish(json::UnknownFields::refuse);
    return change;
}

// An error about one flag, with pointers into the whole body.
Error in_change(Error error, const BulkChange& change, const std::string& flag) {
    for (auto& finding : error.findings) {
        if (!finding.item.empty()) continue;
        finding.pointer.insert(0, change.pointer);
        finding.detail.insert(0, "flag `" + flag + "`: ");
    }
    return error;
}

// Versions are those of before the first change.
Result<> check_version(const BulkChange& change, BulkFlag& flag, std::uint64_t version) {
    const auto wanted = change.versions.find(flag.before.key);
    if (wanted == change.versions.end()) return boost::system::in_place_value;
    flag.confirmed.insert(change.environment);
    if (wanted->second == version) return boost::system::in_place_value;
    auto pointer = change.pointer + "/versions";
    json::append_pointer(pointer, flag.before.key);
    const auto detail = "the present version is " + std::to_string(version);
    return Error{Errc::precondition_failed,
                 "flag `" + flag.before.key + "` was changed: " + detail,
                 {{"", std::move(pointer), "stale_version", detail}}};
}

Result<> apply_to_definition(const BulkChange& change, BulkFlag& flag) {
    if (auto ok = check_version(change, flag, flag.before.version); !ok) return ok;
    auto patched =
        patch_flag(flag.after, to_json(flag.after), {body::PatchForm::instructions, change.body.root()}, flag.configs);
    if (!patched) return in_change(patched.error(), change, flag.before.key);
    flag.after = std::move(patched->after);
    flag.configs = std::move(patched->configs);
    return boost::system::in_place_value;
}

Result<> apply_to_config(const BulkChange& change, BulkFlag& flag, FlagEnvironment& config, const MakeId& make_id) {
    if (auto ok = check_version(change, flag, config.version); !ok) return ok;
    flag.configured.insert(change.environment);
    auto patched = patch_flag_config(flag.after, config, to_json(flag.after.key, config),
                                     {body::PatchForm::instructions, change.body.root()}, make_id);
    if (!patched) return in_change(patched.error(), change, flag.before.key);
    config = std::move(patched->after);
    return boost::system::in_place_value;
}

}  // namespace

Result<BulkRequest> read_bulk(json::Value body) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>&) {
        BulkRequest request;
        r.optional_string("comment");  // read by http::read_comment()
        auto places = r.array("changes");
        const auto list = r.optional_any("changes");
        const bool is_list = list && list.is(json::Kind::array);
        if (!list) r.fail_at("changes", "missing", "`changes` is missing");
        if (is_list && (places.empty() || places.size() > max_bulk_changes)) {
            r.fail_at("changes", "limit", "give 1 to " + std::to_string(max_bulk_changes) + " changes");
            return request;
        }
        std::size_t steps = 0;
        for (auto& place : places) {
            request.changes.push_back(read_change(place));
            const auto& flags = request.changes.back().flags;
            request.flags.insert(flags.begin(), flags.end());
            steps += flags.size();
        }
        if (steps > max_bulk_steps)
            r.fail_at("changes", "limit", "the changes list at most " + std::to_string(max_bulk_steps) + " flags");
        if (request.flags.size() > max_bulk_flags)
            r.fail_at("changes", "limit", "a request changes at most " + std::to_string(max_bulk_flags) + " flags");
        return request;
    });
}

Result<> apply_bulk(const BulkChange& change, BulkFlag& flag, const MakeId& make_id) {
    if (change.environment.empty()) return apply_to_definition(change, flag);
    for (auto& config : flag.configs)
        if (config.environment == change.environment) return apply_to_config(change, flag, config, make_id);
    const auto detail = "the project has no environment `" + change.environment + "`";
    return Error{Errc::unprocessable, detail, {{"", change.pointer + "/environment", "unknown_environment", detail}}};
}

bool is_config_changed(const BulkFlag& flag, std::size_t index) {
    return flag.configs[index].config != flag.configs_before[index].config;
}

bool is_changed(const BulkFlag& flag) { return flag.after != flag.before || flag.configs != flag.configs_before; }

std::vector<std::string> describe_bulk(const BulkFlag& flag) {
    auto sentences = describe_definition(flag.before, flag.after);
    for (std::size_t i = 0; i < flag.configs.size(); ++i) {
        auto of_config = in_environment(flag.configs[i].environment,
                                        describe_config(flag.configs_before[i].config, flag.configs[i].config));
        sentences.insert(sentences.end(), of_config.begin(), of_config.end());
    }
    for (auto& sentence : sentences) sentence.insert(0, items::quoted(flag.before.key) + ": ");
    return sentences;
}

}  // namespace fanion::cp::flags
