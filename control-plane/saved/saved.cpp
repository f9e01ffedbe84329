#include "control-plane/saved/saved.hpp"

#include <vector>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "common/json/tree.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/saved/view.hpp"

namespace fanion::cp::saved {
namespace {

constexpr std::size_t name_bytes = 200;

std::string read_name(json::Reader& r) {
    auto name = r.string("name");
    if (!body::has_string(r, "name")) return name;
    if (name.empty()) r.fail_at("name", "missing", "it is found by its name");
    if (name.size() > name_bytes) r.fail_at("name", "too_long", "a name has at most 200 bytes");
    return name;
}

std::string read_environment_key(json::Reader& r) {
    if (!r.has("environment") || r.is_null("environment")) return "";
    return body::read_key(r, "environment");
}

std::string read_context(json::Reader& r) {
    const auto context = r.any("context");
    if (!context) return "{}";
    if (!context.is(json::Kind::object)) {
        r.fail_at("context", "wrong_type", "a context is an object");
        return "{}";
    }
    auto text = context.to_text();
    if (text.size() > limits::context_bytes) r.fail_at("context", "limit", "a context has at most 64 KiB");
    return body::object_text([&](json::Writer& w) { w.key("context").raw(text); });
}

void read_members(Kind kind, json::Reader& r, Content& content, std::vector<Finding>& findings) {
    content.name = read_name(r);
    if (kind == Kind::context) {
        content.members = read_context(r);
        return;
    }
    content.environment = read_environment_key(r);
    content.members = read_view(r, content.environment, findings);
}

void write_head(json::Writer& w, const Saved& saved) {
    const auto& content = saved.content;
    w.begin_object().member("id", saved.saved_id.str()).member("name", content.name);
    w.member("shared", content.is_shared);
}

void write_tail(json::Writer& w, const Saved& saved) {
    w.member("version", saved.version).member("created_by", saved.created_by);
    w.member("created_at", format_rfc3339(saved.created_at)).member("updated_at", format_rfc3339(saved.updated_at));
    w.end_object();
}

void write_members(json::Writer& w, const Saved& saved) {
    const auto members = json::Tree::parse(saved.content.members).value();
    for (const auto& [name, value] : members.members()) w.key(name).raw(value.to_text());
}

void write_saved(json::Writer& w, Kind kind, const Saved& saved, bool is_whole) {
    write_head(w, saved);
    if (kind == Kind::view) {
        w.key("environment");
        if (saved.content.environment.empty()) {
            w.null();
        } else {
            w.string(saved.content.environment);
        }
    }
    if (is_whole) write_members(w, saved);
    write_tail(w, saved);
}

}  // namespace

std::string_view name_of(Kind kind) noexcept { return kind == Kind::view ? "view" : "context"; }

Result<Content> read_new(Kind kind, json::Value body) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>& findings) {
        Content content;
        content.is_shared = r.boolean("shared", false);
        read_members(kind, r, content, findings);
        return content;
    });
}

Result<Content> read_replacement(Kind kind, json::Value body, const Saved& present) {
    const auto held = json::Tree::parse(text_of(kind, present)).value();
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>& findings) {
        Content content;
        content.is_shared = present.content.is_shared;
        body::check_unchanged(r, held, {"id", "shared"}, "immutable");
        body::ignore_members(r, {"version", "created_by", "created_at", "updated_at"});
        read_members(kind, r, content, findings);
        return content;
    });
}

Result<Content> read_patched(Kind kind, json::Value patch, const Saved& present) {
    const auto text = text_of(kind, present);
    std::vector<Finding> findings;
    json::Reader given(patch, findings);
    body::check_unchanged(given, json::Tree::parse(text).value(),
                          {"id", "shared", "version", "created_by", "created_at", "updated_at"}, "immutable");
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    const auto merged = body::merged(text, patch);
    if (!merged) return merged.error();
    const auto document = json::to_document(*merged, body::composed_limits());
    if (!document) return document.error();
    return read_replacement(kind, document->root(), present);
}

std::string text_of(Kind kind, const Saved& saved) {
    return body::text_of([&](json::Writer& w) { write_saved(w, kind, saved, true); });
}

void write_listed(json::Writer& w, Kind kind, const Saved& saved) { write_saved(w, kind, saved, kind == Kind::view); }

}  // namespace fanion::cp::saved
