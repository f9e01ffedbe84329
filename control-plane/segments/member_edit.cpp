#include "control-plane/segments/member_edit.hpp"

#include <memory>
#include <utility>

#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/segments/config_edit.hpp"

namespace fanion::cp::segments {
namespace {

using boost::asio::awaitable;

// A configuration is read back within composed_limits().
constexpr std::size_t most_config_bytes = limits::composed_bytes - 4096;

Error bad_query(std::string name, std::string detail) {
    return {Errc::invalid_input, detail, {{"", '?' + std::move(name), "malformed", detail}}};
}

// Shared with the pool.
struct MemberWork {
    SegmentDefinition definition;
    SegmentEnvironment present;
    MemberEdit wanted;
    UnixMillis now = 0;

    std::optional<Error> refused = {};
    ChangedMembers changed = {};
    SegmentEnvironment config = {};
    ConfigTexts after = {};
};

void make_members(MemberWork& work) {
    auto& [list, change, replaces, file] = work.wanted;
    if (replaces) change = replacement(work.present.members, list, std::move(change.add));
    auto changed = changed_members(std::move(work.present.members), list, change);
    if (!changed) {
        work.refused = changed.error();
        return;
    }
    work.changed = std::move(*changed);
    if (!work.changed.is_changed()) return;
    work.config.environment = work.present.environment;
    work.config.version = work.present.version + 1;
    work.config.updated_at = work.now;
    work.config.members = std::move(work.changed.segment);
    work.after = config_texts(work.definition, work.config);
    if (work.after.resource.size() > most_config_bytes)
        work.refused = Error{Errc::too_large, "the segment's lists would be larger than 8 MiB"};
}

std::string answer_text(const MemberWork& work, std::uint64_t version, bool is_dry_run) {
    const auto& changed = work.changed;
    return body::object_text([&](json::Writer& w) {
        if (is_dry_run) w.member("dry_run", true);
        w.member("segment", work.definition.key).member("environment", work.present.environment);
        w.member("list", name_of(work.wanted.list.side)).member("attribute", work.wanted.list.attribute);
        if (const auto& file = work.wanted.file) {
            w.member("repeated", std::uint64_t{file->repeated}).key("column");
            if (file->column) {
                w.string(*file->column);
            } else {
                w.null();
            }
        }
        w.member("added", std::uint64_t{changed.added}).member("removed", std::uint64_t{changed.removed});
        w.member("already_there", std::uint64_t{changed.already_there});
        w.member("not_there", std::uint64_t{changed.not_there});
        w.member("total", std::uint64_t{changed.total}).member("version", version);
    });
}

http::EditOutcome answered(const http::Edit& edit, const MemberWork& work, std::uint64_t version) {
    auto outcome = edit.unchanged(answer_text(work, version, edit.is_dry_run()), http::etag(version));
    outcome.is_own_preview = edit.is_dry_run();
    return outcome;
}

}  // namespace

Result<MemberList> read_member_list(http::Call& call) {
    MemberList list;
    if (const auto side = call.request.query("list")) {
        const auto known = parse_member_side(*side);
        if (!known) return bad_query("list", "`list` is `included` or `excluded`");
        list.side = *known;
    }
    if (auto attribute = call.request.query("attribute")) {
        if (attribute->empty()) return bad_query("attribute", "`attribute` must not be empty");
        list.attribute = std::move(*attribute);
    }
    return list;
}

Result<FileRequest> read_file_request(http::Call& call) {
    FileRequest request;
    auto list = read_member_list(call);
    if (!list) return list.error();
    request.list = std::move(*list);
    const auto mode = parse_member_mode(call.request.query("mode").value_or("add"));
    if (!mode) return bad_query("mode", "`mode` is `add`, `remove` or `replace`");
    request.mode = *mode;
    request.column = call.request.query("column").value_or("");
    return request;
}

MemberEdit member_edit_of(FileRequest request, ValueFile file) {
    MemberEdit edit;
    edit.list = std::move(request.list);
    edit.replaces = request.mode == MemberMode::replace;
    auto& values = request.mode == MemberMode::remove ? edit.change.remove : edit.change.add;
    values = std::move(file.values);
    edit.file = std::move(file);
    return edit;
}

http::EditResult edit_members(http::Edit& edit, MemberEdit wanted) {
    auto& call = edit.call();
    edit.report_warnings();
    edit.set_places(body::Places::none());
    auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto found = co_await items::load_configured(call, edit.tx(), segment_kind, *env);
    if (!found) co_return found.error();
    const auto version = found->config.version;
    auto before = edit.match(http::etag(version), to_json(found->row.definition.key, found->config), env->is_protected);
    if (!before) co_return before.error();

    auto work = std::make_shared<MemberWork>();
    work->definition = found->row.definition;
    work->present = std::move(found->config);
    work->wanted = std::move(wanted);
    work->now = call.now();
    auto task = [work] { make_members(*work); };
    co_await call.services.blocking.run(std::move(task));
    if (work->refused) co_return *work->refused;
    if (work->wanted.file) edit.warn(work->wanted.file->warnings);
    if (!work->changed.is_changed()) co_return answered(edit, *work, version);

    auto item = http::put_item(item_key(work->definition), std::move(work->after.item));
    // Of an archived segment: values break nothing that its restoration would not find.
    const bool is_published = is_in_ruleset(work->definition);
    if (edit.is_dry_run()) {
        if (is_published) {
            auto checked = co_await edit.check(*env, std::move(item), body::BodyKind::config);
            if (!checked) co_return checked.error();
        }
        co_return answered(edit, *work, work->config.version);
    }
    co_await put_segment_members(edit.tx(), found->row, *env, work->config, std::move(work->after.members),
                                 call.principal.actor_id());
    if (is_published) {
        auto published = co_await edit.publish(*env, std::move(item), body::BodyKind::config);
        if (!published) co_return published.error();
    }
    auto outcome = edit.changed(audit::Action::segment_configured, std::move(*before),
                                answer_text(*work, work->config.version, false), http::etag(work->config.version));
    outcome.audit->resource = config_resource(call);
    outcome.audit->after = std::move(work->after.resource);
    outcome.audit->patch = audit_patch(work->changed.patch, work->config);
    co_return outcome;
}

std::string config_resource(const http::Call& call) {
    auto resource = http::resource_of(call);
    return resource.substr(0, resource.rfind("/members"));
}

}  // namespace fanion::cp::segments
