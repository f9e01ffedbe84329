// Bodies of instructions (docs/admin-api.md) from the options of the commands.

#include "common/base/text.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

Error wrong_usage(std::string detail) { return Error{Errc::invalid_input, std::move(detail)}; }

// {"instructions":[{"kind":..,..}]} with the members that `write` adds.
template <class Write>
std::string instruction(std::string_view kind, const Write& write) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("instructions").begin_array().begin_object().member("kind", kind);
    write(w);
    w.end_object().end_array().end_object();
    return out;
}

// At most one of --before, --after and --at; exactly one if it is required.
Result<> check_position(const FlagOptions& options, bool is_required) {
    const int given = !options.before.empty() + !options.after.empty() + !options.at.empty();
    if (given > 1) return wrong_usage("--before, --after and --at cannot be combined");
    if (is_required && given == 0) return wrong_usage("give --before, --after or --at");
    if (!options.at.empty() && !parse_u64(options.at))
        return wrong_usage("--at: '" + options.at + "' is not a number, 0 for the first place");
    return {};
}

void write_position(json::Writer& w, const FlagOptions& options) {
    if (!options.before.empty()) w.member("before", options.before);
    if (!options.after.empty()) w.member("after", options.after);
    if (!options.at.empty()) w.key("at").raw(std::to_string(*parse_u64(options.at)));
}

std::string target_change(std::string_view kind, const FlagOptions& options) {
    return instruction(kind, [&](json::Writer& w) {
        w.member("variation", options.variation);
        if (!options.attribute.empty()) w.member("attribute", options.attribute);
        w.key("values").begin_array();
        for (const auto& value : options.values) w.string(value);
        w.end_array();
    });
}

}  // namespace

Result<std::string> make_rule_addition(const FlagOptions& options) {
    if (auto ok = check_position(options, false); !ok) return ok.error();
    if (options.serve.empty() == options.split.empty()) return wrong_usage("give --serve or --split");
    if (!options.otherwise.empty() && options.split.empty()) return wrong_usage("--otherwise requires --split");
    const auto when = read_argument(options.when);
    if (!when) return when.error();
    std::string split;
    if (!options.split.empty()) {
        auto made = make_split(options.split, options.otherwise.empty() ? "next" : options.otherwise);
        if (!made) return made.error();
        split = std::move(*made);
    }
    return instruction("add_rule", [&](json::Writer& w) {
        if (!options.rule.empty()) w.member("id", options.rule);
        w.member("when", *when).key("serve").begin_object();
        if (split.empty()) {
            w.member("variation", options.serve);
        } else {
            w.key("split").raw(split);
        }
        w.end_object();
        write_position(w, options);
    });
}

Result<std::string> make_rule_removal(const FlagOptions& options) {
    return instruction("remove_rule", [&](json::Writer& w) { w.member("rule", options.rule); });
}

Result<std::string> make_rule_move(const FlagOptions& options) {
    if (auto ok = check_position(options, true); !ok) return ok.error();
    return instruction("move_rule", [&](json::Writer& w) {
        w.member("rule", options.rule);
        write_position(w, options);
    });
}

Result<std::string> make_target_addition(const FlagOptions& options) { return target_change("add_targets", options); }
Result<std::string> make_target_removal(const FlagOptions& options) { return target_change("remove_targets", options); }

// What the percentages leave goes where it goes at present, unless --otherwise is given: the server knows.
Result<std::string> make_weights_change(const FlagOptions& options) {
    const auto split = make_split(options.split, options.otherwise.empty() ? "next" : options.otherwise);
    if (!split) return split.error();
    json::Document document;
    if (auto parsed = document.parse(*split); !parsed) return parsed.error();
    return instruction("set_weights", [&](json::Writer& w) {
        if (!options.rule.empty()) w.member("rule", options.rule);
        w.key("weights").raw(document.root().find("weights").to_text());
        if (!options.otherwise.empty()) w.member("otherwise", options.otherwise);
    });
}

}  // namespace fanion::cli
