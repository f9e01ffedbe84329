#include "control-plane/segments/config_edit.hpp"

#include <memory>
#include <utility>

#include "control-plane/segments/members.hpp"

namespace fanion::cp::segments {
namespace {

// Shared with the pool.
struct ConfigWork {
    SegmentDefinition definition;
    SegmentEnvironment before;
    SegmentEnvironment after;
    std::size_t bytes_before = 0;

    ConfigTexts texts = {};
    std::optional<std::string> patch = {};
};

// The patch between small states is found by comparing them, as for any other change.
void write_texts(ConfigWork& work) {
    work.texts = config_texts(work.definition, work.after);
    if (work.bytes_before + work.texts.resource.size() <= audit::whole_states_bytes) return;
    work.patch = audit_patch(members_patch(work.before.members, work.after.members), work.after);
}

}  // namespace

http::EditResult write_segment_config(http::Edit& edit, const SegmentKind& kind,
                                      items::ConfigChange<SegmentKind> change) {
    auto work = std::make_shared<ConfigWork>();
    work->definition = change.row.definition;
    work->before = std::move(change.before);
    work->after = std::move(change.after);
    work->bytes_before = change.text.text().size();
    auto task = [work] { write_texts(*work); };
    co_await edit.call().services.blocking.run(std::move(task));
    co_await put_segment_members(edit.tx(), change.row, change.env, work->after, std::move(work->texts.members),
                                 edit.call().principal.actor_id());
    if (is_in_ruleset(work->definition)) {
        auto item = http::put_item(item_key(work->definition), std::move(work->texts.item));
        auto published = co_await edit.publish(change.env, std::move(item), body::BodyKind::config);
        if (!published) co_return published.error();
    }
    auto outcome = edit.changed(kind.configured, std::move(change.text), std::move(work->texts.resource),
                                http::etag(work->after.version));
    outcome.audit->patch = std::move(work->patch);
    co_return outcome;
}

std::optional<std::string> audit_patch(std::string_view members, const SegmentEnvironment& after) {
    if (members.empty()) return std::nullopt;
    auto text = '[' + std::string(members) + ',';
    json::Writer w(text);
    w.begin_object().member("op", "replace").member("path", "/version").member("value", after.version);
    w.end_object();
    text += ',';
    json::Writer at(text);
    at.begin_object().member("op", "replace").member("path", "/updated_at");
    at.member("value", format_rfc3339(after.updated_at)).end_object();
    return text + ']';
}

}  // namespace fanion::cp::segments
