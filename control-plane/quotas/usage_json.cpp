#include "control-plane/quotas/usage_json.hpp"

#include "common/base/text.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::quotas {

std::string usage_text(const std::vector<Usage>& all, UnixMillis now) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("quotas").begin_array();
    for (const auto& usage : all) {
        w.begin_object().member("name", name_of(usage.quota)).member("used", usage.used).key("limit");
        if (usage.limit) {
            w.unsigned_integer(*usage.limit);
        } else {
            w.null();
        }
        if (usage.quota == Quota::events_per_day) w.member("day", format_rfc3339(now).substr(0, 10));
        w.end_object();
    }
    w.end_array().end_object();
    return out;
}

}  // namespace fanion::cp::quotas
