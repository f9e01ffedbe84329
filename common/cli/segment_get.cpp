// A segment as a whole: what it is, and who belongs to it in --env.

#include <utility>

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/segment_options.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"

namespace fanion::cli {
namespace {

std::string definition_text(json::Value definition) {
    std::vector<Finding> ignored;
    json::Reader r(definition, ignored);
    auto out = r.string("key") + "  " + visible(r.string("name", ""));
    if (r.boolean("archived", false)) out += "\n  archived";
    if (const auto description = r.string("description", ""); !description.empty())
        out += "\n  " + visible(description);
    if (const auto owner = r.string("owner", ""); !owner.empty()) out += "\n  owner " + visible(owner);
    if (const auto tags = joined_names(r, "tags"); !tags.empty()) out += "\n  tags " + tags;
    if (r.boolean("client", false)) out += "\n  for client keys that may have rules";
    return out;
}

// A line for each list and each rule.
std::string members_text(json::Value members, const std::string& env) {
    std::vector<Finding> ignored;
    json::Reader r(members, ignored);
    std::string out;
    for (const std::string list : {"included", "excluded"}) {
        for (auto& element : r.array(list)) {
            const auto values = std::to_string(element.any("values").size());
            out += "\n  " + list + " by " + element.string("attribute") + " in " + env + ": " + values + " values";
        }
    }
    for (auto& element : r.array("rules")) {
        auto when = element.object("when");
        out += "\n  rule in " + env + ": " + rule::print(model::read_condition(when, model::UnknownFields::ignore));
    }
    return out;
}

}  // namespace

Exit run_get_segment(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto definition = place->client().call({.path = place->segment(options.key)});
    if (!definition) return terminal.fail(definition.error());
    std::string members = "null";
    if (!place->env().empty()) {
        const auto path = place->segment(options.key) + "/environments/" + percent_encode(place->env());
        auto found = place->client().call({.path = path});
        if (!found) return terminal.fail(found.error());
        members = std::move(found->body);
    }
    if (terminal.json) {
        terminal.print(R"({"segment":)" + definition->body + R"(,"environment":)" + members + "}");
        return Exit::ok;
    }
    json::Document of_all;
    json::Document of_env;
    if (auto parsed = read_answer(of_all, *definition); !parsed) return terminal.fail(parsed.error());
    if (auto parsed = of_env.parse(members, {.bytes = members.size()}); !parsed) return terminal.fail(parsed.error());
    const bool has_members = of_env.root().is(json::Kind::object);
    terminal.print(definition_text(of_all.root()) + (has_members ? members_text(of_env.root(), place->env()) : ""));
    return Exit::ok;
}

}  // namespace fanion::cli
