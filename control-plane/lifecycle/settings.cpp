#include "control-plane/lifecycle/settings.hpp"

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::lifecycle {
namespace {

constexpr int most_days = 3'650;

int read_days(json::Reader& r, std::string_view member, int fallback) {
    return static_cast<int>(r.integer(member, 1, most_days, fallback));
}

void read_lifetimes(json::Reader& r, Settings& settings) {
    auto given = r.optional_object("lifetimes");
    if (!given) return;
    for (const auto lifetime : flags::all_lifetimes) {
        const auto name = flags::name_of(lifetime);
        auto& days = settings.lifetime_days[static_cast<std::size_t>(lifetime)];
        if (!given->has(name)) continue;
        days.reset();
        if (!given->is_null(name)) days = static_cast<int>(given->integer(name, 1, most_days));
    }
    given->finish(json::UnknownFields::refuse);
}

}  // namespace

std::optional<int> days_of(const Settings& settings, flags::Lifetime lifetime) noexcept {
    return settings.lifetime_days[static_cast<std::size_t>(lifetime)];
}

Result<Settings> read_settings(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        Settings settings;
        body::ignore_members(r, {"version", "updated_at"});  // derived, as in the response to a GET
        settings.constant_days = read_days(r, "constant_days", settings.constant_days);
        settings.unused_days = read_days(r, "unused_days", settings.unused_days);
        read_lifetimes(r, settings);
        return settings;
    });
}

void write_settings(json::Writer& w, const StoredSettings& stored) {
    const auto& settings = stored.settings;
    w.begin_object().member("constant_days", settings.constant_days).member("unused_days", settings.unused_days);
    w.key("lifetimes").begin_object();
    for (const auto lifetime : flags::all_lifetimes) {
        w.key(flags::name_of(lifetime));
        if (const auto days = days_of(settings, lifetime)) {
            w.integer(*days);
        } else {
            w.null();
        }
    }
    w.end_object().member("version", stored.version).key("updated_at");
    if (stored.updated_at) {
        w.string(format_rfc3339(*stored.updated_at));
    } else {
        w.null();
    }
    w.end_object();
}

}  // namespace fanion::cp::lifecycle
