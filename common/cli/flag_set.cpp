#include <cmath>
#include <cstdlib>
#include <limits>

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

constexpr int attempts = 5;  // against other people's changes in between

Error usage(std::string detail) { return Error{Errc::invalid_input, std::move(detail)}; }

// "on=25,off=75", in percent with up to three decimals, as ranges over the slots. What is left of 100 % stays uncovered.
Result<> write_split(json::Writer& w, const std::string& text) {
    w.begin_object().key("split").begin_object().key("ranges").begin_array();
    unsigned from = 0;
    std::string last;
    for (const auto part : split(text, ',')) {
        const auto equals = part.rfind('=');
        if (equals == std::string_view::npos)
            return usage("--split: '" + std::string(part) + "' is not VARIATION=PERCENT");
        const std::string percent(part.substr(equals + 1));
        char* end = nullptr;
        const double share = std::strtod(percent.c_str(), &end) * limits::slots / 100;
        const bool is_number = !percent.empty() && *end == '\0' && share >= 0 && share <= limits::slots;
        if (!is_number || std::abs(share - std::round(share)) > 1e-6) {
            return usage("--split: '" + percent + "' is no percentage of at most three decimals");
        }
        const unsigned to = from + static_cast<unsigned>(std::lround(share));
        last = part.substr(0, equals);
        if (to > limits::slots) return usage("--split: the percentages add up to more than 100");
        if (to > from) w.begin_array().unsigned_integer(from).unsigned_integer(to).string(last).end_array();
        from = to;
    }
    if (from != limits::slots) return usage("--split: the percentages must add up to 100");
    w.end_array().end_object().end_object();
    return {};
}

// A null member of an object says that there is none.
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
        if (!options.fallthrough.empty() || !options.off.empty() || !options.split.empty()) {
            return usage("--patch says all there is to change; leave out the other options");
        }
        return read_argument(options.patch);
    }
    if (!options.fallthrough.empty() && !options.split.empty()) return usage("give --fallthrough or --split, not both");
    std::string patch;
    json::Writer w(patch);
    w.begin_object();
    if (!options.fallthrough.empty()) {
        w.key("fallthrough").begin_object().member("variation", options.fallthrough).key("split").null().end_object();
    }
    if (!options.split.empty()) {
        std::string serve;
        json::Writer serve_writer(serve);
        if (auto written = write_split(serve_writer, options.split); !written) return written.error();
        serve.pop_back();
        w.key("fallthrough").raw(serve + R"(,"variation":null})");
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

ConfigChange make_set_change(const FlagOptions& options, const std::string& patch, json::Value present) {
    json::Document changes;
    if (options.off != "none" || !changes.parse(patch)) return {patch};
    std::string whole;
    json::Writer w(whole);
    w.begin_object();
    for (const auto [name, value] : present.members()) {
        if (!changes.root().find(name)) w.key(name).raw(value.to_text());
    }
    for (const auto [name, value] : changes.root().members()) {
        w.key(name);
        write_without_nulls(w, value);
    }
    w.end_object();
    return {whole, true};
}

Result<net::ClientResponse> change_config(FlagPlace& place, const std::string& key, const MakeChange& make_change) {
    Error last{Errc::conflict, "others change this flag faster than we can; try again"};
    for (int i = 0; i < attempts; ++i) {
        const auto present = place.client().call({.path = place.in_env(key)});
        if (!present) return present.error();
        json::Document document;
        if (auto parsed = read_answer(document, *present); !parsed) return parsed.error();
        if (!document.root().is(json::Kind::object)) return Error{Errc::internal, "the server's answer is no object"};
        auto change = make_change(document.root());
        AdminCall call{.method = change.is_whole ? net::Method::put : net::Method::patch, .path = place.in_env(key)};
        call.body = std::move(change.body);
        if (!change.is_whole) call.content_type = "application/merge-patch+json";
        call.if_match = present->header("ETag");
        auto changed = place.client().call(call);
        if (changed || changed.error().code != Errc::precondition_failed) return changed;
    }
    return last;
}

}  // namespace fanion::cli
