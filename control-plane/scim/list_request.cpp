#include "control-plane/scim/list_request.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "control-plane/scim/attributes.hpp"

namespace fanion::cp::scim {
namespace {

Result<std::int64_t> read_number(const std::optional<std::string>& text, std::int64_t fallback, const char* name) {
    if (!text) return fallback;
    const auto number = parse_i64(*text);
    if (number) return *number;
    return bad_value('?' + std::string(name), "invalidValue", "`" + std::string(name) + "` is a number");
}

}  // namespace

Result<ListRequest> read_list_request(ListQuery query) {
    ListRequest wanted;
    const auto start = read_number(query.start_index, 1, "startIndex");
    if (!start) return start.error();
    const auto count = read_number(query.count, static_cast<std::int64_t>(max_results), "count");
    if (!count) return count.error();
    wanted.start = static_cast<std::size_t>(std::max<std::int64_t>(*start, 1));
    wanted.count = static_cast<std::size_t>(std::clamp<std::int64_t>(*count, 0, std::int64_t{max_results}));
    if (query.filter) {
        auto filter = parse_filter(*query.filter);
        if (!filter) return filter.error();
        wanted.filter = std::move(*filter);
    }
    wanted.wanted = std::move(query.attributes).value_or("");
    wanted.excluded = std::move(query.excluded_attributes).value_or("");
    return wanted;
}

}  // namespace fanion::cp::scim
