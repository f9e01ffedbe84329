#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "common/model/percent.hpp"

namespace fanion::cli {
namespace {

constexpr int attempts = 5;  // against other people's changes in between

Error usage(std::string detail) { return Error{Errc::invalid_input, std::move(detail)}; }

// "on=25,off=75", in percent with up to three decimals, as the split of a merge patch. What is left of 100 % goes to `otherwise`.
Result<std::string> make_split(const std::string& text, const std::string& otherwise) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("weights").begin_array();
    std::uint64_t sum = 0;
    for (const auto part : split(text, ',')) {
        const auto equals = part.rfind('=');
        if (equals == std::string_view::npos)
            return usage("--split: '" + std::string(part) + "' is not VARIATION=PERCENT");
        const std::string percent(part.substr(equals + 1));
        const auto slots = model::slots_of_percent(percent);
        if (!slots) return usage("--split: '" + percent + "' is no percentage of at most three decimals");
        w.begin_object().member("variation", part.substr(0, equals));
        w.key("weight").raw(model::percent_of_slots(*slots)).end_object();
        sum += *slots;
    }
    if (sum > limits::slots) return usage("--split: the percentages add up to more than 100");
    if (sum < limits::slots && otherwise.empty())
        return usage("--split: the percentages must add up to 100, or --otherwise says who gets the rest");
    w.end_array().key("otherwise");
    otherwise.empty() ? w.null() : w.string(otherwise);
    w.end_object();
    return out;
}

}  // namespace

Result<std::string> make_set_patch(const FlagOptions& options) {
    if (!options.patch.empty()) {
        if (!options.fallthrough.empty() || !options.off.empty() || !options.split.empty() ||
            !options.otherwise.empty()) {
            return usage("--patch says all there is to change; leave out the other options");
        }
        return read_argument(options.patch);
    }
    if (!options.fallthrough.empty() && !options.split.empty()) return usage("give --fallthrough or --split, not both");
    if (!options.otherwise.empty() && options.split.empty()) return usage("--otherwise goes with --split");
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

Result<net::ClientResponse> change_config(FlagPlace& place, const std::string& key, const MakePatch& make_patch) {
    Error last{Errc::conflict, "others change this flag faster than we can; try again"};
    for (int i = 0; i < attempts; ++i) {
        const auto present = place.client().call({.path = place.in_env(key)});
        if (!present) return present.error();
        json::Document document;
        if (auto parsed = read_answer(document, *present); !parsed) return parsed.error();
        auto patch = make_patch(document.root());
        if (!patch) return patch.error();
        AdminCall call{.method = net::Method::patch, .path = place.in_env(key)};
        call.body = std::move(*patch);
        call.content_type = "application/merge-patch+json";
        call.if_match = present->header("ETag");
        auto changed = place.client().call(call);
        if (changed || changed.error().code != Errc::precondition_failed) return changed;
    }
    return last;
}

}  // namespace fanion::cli
