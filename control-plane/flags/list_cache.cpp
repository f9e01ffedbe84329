#include "control-plane/flags/list_cache.hpp"

#include "control-plane/http/entity_tags.hpp"

namespace fanion::cp::flags {

ListedPagePtr ListCache::find(const http::Call& call) {
    if (call.state.empty()) return nullptr;
    const auto* known = known_.find(http::target_of(call));
    return known == nullptr || known->state != call.state ? nullptr : known->page;
}

void ListCache::put(const http::Call& call, ListedPagePtr page, std::size_t cost) {
    if (call.state.empty()) return;
    const auto target = http::target_of(call);
    // The cache holds the target twice. Many long searches that find nothing take room, too.
    constexpr std::size_t of_each = 1024;
    known_.put(target, {call.state, std::move(page)}, cost + 2 * target.size() + of_each);
}

}  // namespace fanion::cp::flags
