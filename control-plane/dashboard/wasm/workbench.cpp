// A ruleset, and drafts of it.

#include "control-plane/dashboard/wasm/workbench.h"

#include <map>
#include <memory>
#include <optional>

#include "common/base/text.hpp"
#include "common/eval/check/check.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/body/findings.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/flags/flag_edit.hpp"
#include "sdk/c/c_objects.hpp"

using ItemBody = std::shared_ptr<const std::string>;

// `items` has what `ruleset` was compiled from.
struct fanion_workbench {
    std::map<std::string, ItemBody, std::less<>> items;  // "flag/<key>" and "segment/<key>"
    fanion_ruleset ruleset;
};

namespace {

using namespace fanion;
using namespace fanion::c_api;
namespace flags = cp::flags;

using Items = decltype(fanion_workbench::items);

std::vector<eval::Item> views(const Items& items) {
    std::vector<eval::Item> list;
    list.reserve(items.size());
    for (const auto& [key, body] : items) list.push_back({key, body});
    return list;
}

// False unless it is a list, or absent, whose elements have different valid keys.
bool add_items(Items& items, json::Value list, std::string_view prefix) {
    if (!list) return true;
    if (!list.is(json::Kind::array)) return false;
    for (const auto element : list.elements()) {
        const auto key = element.find("key");
        if (!key || !key.is(json::Kind::string) || !is_valid_key(key.as_string())) return false;
        auto& body = items[std::string(prefix) + std::string(key.as_string())];
        if (body != nullptr) return false;
        body = std::make_shared<const std::string>(element.to_text());
    }
    return true;
}

// Nothing for a text that has faults.
std::optional<Items> items_of(std::string_view text) {
    json::Document document;
    json::ScanLimits scan;
    scan.bytes = limits::environment_bytes;
    if (!document.parse(text, scan) || !document.root().is(json::Kind::object)) return std::nullopt;
    Items items;
    const bool is_usable = add_items(items, document.root().find("flags"), "flag/") &&
                           add_items(items, document.root().find("segments"), "segment/");
    return is_usable ? std::optional(std::move(items)) : std::nullopt;
}

Result<std::unique_ptr<fanion_workbench>> open_workbench(std::string_view text) {
    auto items = items_of(text);
    auto compiled = items ? eval::compile(views(*items)) : eval::compile_plain(text);
    if (!compiled && items) compiled = eval::compile_plain(text);  // its findings have pointers into the text
    if (!compiled) return compiled.error();
    auto made = std::make_unique<fanion_workbench>();
    if (items) made->items = std::move(*items);
    made->ruleset.compiled = std::move(*compiled);
    return made;
}

// A flag of the ruleset as the control plane keeps it.
struct HeldFlag {
    flags::FlagDefinition definition;
    flags::FlagEnvironment environment;
};

HeldFlag read_held(const std::string& body, std::string_view environment) {
    auto flag =
        cp::body::read_stored(body, [](json::Reader& r) { return model::read_flag(r, json::UnknownFields::ignore); });
    HeldFlag held;
    held.definition.key = flag.key;
    held.definition.type = flag.type;
    held.definition.variations = flag.variations;
    held.definition.client = flag.client;
    held.definition.track = flag.track;
    held.definition.salt = flag.salt;
    held.environment.environment = environment;
    held.environment.config = std::move(flag.config);
    held.environment.version = flag.version;
    return held;
}

class Drafting {
public:
    Drafting(const fanion_workbench& base, std::string_view flag, std::string_view environment)
        : base_(base), key_("flag/" + std::string(flag)), environment_(environment) {}

    // `reply` gets the stored form and the warnings.
    Result<std::unique_ptr<fanion_workbench>> run(std::string_view config, std::string& reply) {
        const auto found = base_.items.find(key_);
        if (found == base_.items.end())
            return Error{
                Errc::unprocessable, "there is no such flag", {{"", "", "not_found", "there is no such flag"}}};
        json::Document document;
        if (auto parsed = document.parse(config, cp::body::composed_limits()); !parsed) return parsed.error();
        const auto held = read_held(*found->second, environment_);
        std::size_t made = 0;
        const auto drafted = flags::replace_config(held.definition, held.environment, document.root(),
                                                   [&] { return "new-" + std::to_string(++made); });
        if (!drafted) return drafted.error();
        auto draft = std::make_unique<fanion_workbench>();
        draft->items = base_.items;
        draft->items[key_] = std::make_shared<const std::string>(flags::item_body(held.definition, *drafted));
        auto compiled = eval::compile(views(draft->items), base_.ruleset.compiled.get());
        if (!compiled) return located(compiled.error(), document.root());
        draft->ruleset.compiled = std::move(*compiled);
        write_reply(reply, *drafted, warnings(*draft, held.definition.client));
        return draft;
    }

private:
    Error located(Error error, json::Value config) const {
        error = cp::body::relocate_to_body(std::move(error), key_, cp::body::BodyKind::config, environment_);
        return rule::locate_in_body(std::move(error), config);
    }

    std::vector<Finding> warnings(const fanion_workbench& draft, bool is_for_clients) const {
        const auto after = views(draft.items);
        auto found = eval::check_item(after, key_);
        if (is_for_clients) {
            auto lost = eval::check_client_loss(views(base_.items), after, key_);
            found.insert(found.end(), lost.begin(), lost.end());
        }
        return cp::body::relocate_warnings(std::move(found), key_, cp::body::BodyKind::config, environment_);
    }

    static void write_reply(std::string& out, const flags::FlagEnvironment& drafted,
                            const std::vector<Finding>& warnings) {
        json::Writer w(out);
        w.begin_object().key("config").raw(flags::config_json(drafted.config));
        append(w, "warnings", warnings);
        w.end_object();
    }

    const fanion_workbench& base_;
    std::string key_;
    std::string environment_;
};

}  // namespace

fanion_status fanion_workbench_create(const char* text, size_t size, fanion_workbench** workbench,
                                      fanion_reply* reply) {
    return guarded(reply, [&] {
        if (workbench == nullptr) return refuse_argument(reply, "`workbench` is NULL");
        *workbench = nullptr;
        if (!is_readable(text, size)) return refuse_argument(reply, "`text` is NULL");
        auto compiled = open_workbench(view(text, size));
        if (!compiled) return refuse_ruleset(reply, compiled.error());
        *workbench = compiled->release();
        return FANION_OK;
    });
}

void fanion_workbench_free(fanion_workbench* workbench) { delete workbench; }

const fanion_ruleset* fanion_workbench_ruleset(const fanion_workbench* workbench) {
    return workbench == nullptr ? nullptr : &workbench->ruleset;
}

fanion_status fanion_workbench_draft(const fanion_workbench* base, const char* flag, size_t flag_size,
                                     const char* config, size_t config_size, const char* environment,
                                     size_t environment_size, fanion_workbench** draft, fanion_reply* reply) {
    return guarded(reply, [&] {
        if (draft == nullptr || base == nullptr || reply == nullptr)
            return refuse_argument(reply, "an argument is NULL");
        *draft = nullptr;
        if (!is_readable(flag, flag_size) || !is_readable(config, config_size) ||
            !is_readable(environment, environment_size))
            return refuse_argument(reply, "a text is NULL");
        Drafting drafting(*base, view(flag, flag_size), view(environment, environment_size));
        auto made = drafting.run(view(config, config_size), reply->text);
        if (!made) return refuse_ruleset(reply, made.error());
        *draft = made->release();
        return FANION_OK;
    });
}
