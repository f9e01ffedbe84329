#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "common/model/percent.hpp"

namespace fanion::cli {
namespace {

constexpr int attempts = 5;  // before it gives up because of concurrent changes

Error usage(std::string detail) { return Error{Errc::invalid_input, std::move(detail)}; }

}  // namespace

Result<std::string> make_split(const std::string& text, const std::string& otherwise) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("weights").begin_array();
    std::uint64_t sum = 0;
    for (const auto part : split(text, ',')) {
        const auto equals = part.rfind('=');
        if (equals == std::string_view::npos)
            return usage("--split: '" + std::string(part) + "' is not of the form VARIATION=PERCENT");
        const std::string percent(part.substr(equals + 1));
        const auto slots = model::slots_of_percent(percent);
        if (!slots) return usage("--split: '" + percent + "' is not a percentage with at most three decimals");
        w.begin_object().member("variation", part.substr(0, equals));
        w.key("weight").raw(model::percent_of_slots(*slots)).end_object();
        sum += *slots;
    }
    if (sum > limits::slots) return usage("--split: the percentages add up to more than 100");
    if (sum < limits::slots && otherwise.empty())
        return usage("--split: the percentages must add up to 100 unless --otherwise is given");
    w.end_array().key("otherwise");
    otherwise.empty() ? w.null() : w.string(otherwise);
    w.end_object();
    return out;
}

namespace {

// Omits the null members of an object, which in a merge patch mean removal.
void write_without_nulls(json::Writer& w, json::Value value) {
    if (!value.is(json::Kind::object)) {
        w.raw(value.to_text());
        return;
    }
    w.begin_object();
    for (const auto [name, member] : value.members()) {
        if (!member.is(json::Kind::null)) w.key(name).raw(member.to_text());
    }
    w.end_object();
}

}  // namespace

Result<std::string> make_set_patch(const FlagOptions& options) {
    if (!options.patch.empty()) {
        if (!options.fallthrough.empty() || !options.off.empty() || !options.split.empty() ||
            !options.otherwise.empty()) {
            return usage("--patch cannot be combined with the other options");
        }
        return read_argument(options.patch);
    }
    if (!options.fallthrough.empty() && !options.split.empty())
        return usage("--fallthrough and --split cannot be combined");
    if (!options.otherwise.empty() && options.split.empty()) return usage("--otherwise requires --split");
    std::string patch;
    json::Writer w(patch);
    w.begin_object();
    if (!options.fallthrough.empty()) {
        w.key("fallthrough").begin_object().member("variation", options.fallthrough).key("split").null().end_object();
    }
    if (!options.split.empty()) {
        const auto split = make_split(options.split, options.otherwise);
        if (!split) return split.error();
        w.key("fallthrough").begin_object().key("split").raw(*split).key("variation").null().end_object();
    }
    if (options.off == "none") {
        w.key("off").null();
    } else if (!options.off.empty()) {
        w.member("off", options.off);
    }
    w.end_object();
    if (patch == "{}") return usage("nothing to set; see fanion flag set --help");
    return patch;
}

ConfigChange make_set_change(const FlagOptions& options, const std::string& patch) {
    json::Document changes;
    if (options.off != "none" || !changes.parse(patch)) return {patch};
    std::string operations;
    json::Writer w(operations);
    w.begin_array();
    for (const auto [name, value] : changes.root().members()) {
        w.begin_object().member("op", "add").member("path", '/' + std::string(name)).key("value");
        write_without_nulls(w, value);
        w.end_object();
    }
    w.end_array();
    return {operations, patch_type("json-patch")};
}

std::string change_query(const FlagOptions& options) {
    std::string query;
    const auto add = [&query](std::string_view text) { query += (query.empty() ? "?" : "&") + std::string(text); };
    if (options.strict) add("strict=true");
    if (options.dry_run) add("dry_run=true");
    if (options.skips_stages) add("stage=skip");
    return with_comment(std::move(query), options.comment);
}

Result<net::ClientResponse> change_at(FlagPlace& place, const std::string& path, const MakeCall& make_call) {
    Error last{Errc::conflict, "this was changed concurrently five times in a row; try again"};
    for (int i = 0; i < attempts; ++i) {
        const auto present = place.client().call({.path = path});
        if (!present) return present.error();
        json::Document document;
        if (auto parsed = read_answer(document, *present); !parsed) return parsed.error();
        if (!document.root().is(json::Kind::object))
            return Error{Errc::internal, "the server's response is not a JSON object"};
        auto call = make_call(document.root());
        if (!call) return call.error();
        call->if_match = present->header("ETag");
        auto changed = place.client().call(*call);
        if (changed || changed.error().code != Errc::precondition_failed) return changed;
    }
    return last;
}

AdminCall config_call(const FlagPlace& place, const FlagOptions& options, const ConfigChange& change) {
    return {.method = net::Method::patch,
            .path = place.in_env(options.key),
            .body = change.body,
            .content_type = change.content_type};
}

Result<net::ClientResponse> change_config(FlagPlace& place, const FlagOptions& options, const ConfigChange& change) {
    return change_at(place, place.in_env(options.key), [&](json::Value) -> Result<AdminCall> {
        auto call = config_call(place, options, change);
        call.path += change_query(options);
        return call;
    });
}

}  // namespace fanion::cli
