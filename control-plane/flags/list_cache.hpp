#pragma once

// Pages of the list of flags as they were read, for as long as the audit log records nothing new
// (Call::state). When flags were last evaluated is not recorded and not among it. One thread (its
// I/O thread).

#include <memory>
#include <string>
#include <vector>

#include "common/base/lru_cache.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/items/list_search.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::flags {

struct ListedPage {
    std::vector<projects::Environment> environments;  // that the caller may read
    items::FoundList<Flag> found;
    std::vector<std::vector<ConfiguredState>> states;  // of each flag, in each environment
};
using ListedPagePtr = std::shared_ptr<const ListedPage>;

class ListCache {
public:
    static constexpr std::size_t most_bytes = 32 * 1024 * 1024;  // of all threads together

    explicit ListCache(std::size_t bytes = most_bytes) : known_(bytes) {}

    // Null: it is not known, or the state has changed.
    ListedPagePtr find(const http::Call& call);
    // `cost`: about how many bytes the page takes.
    void put(const http::Call& call, ListedPagePtr page, std::size_t cost);

private:
    struct Known {
        std::string state;
        ListedPagePtr page;
    };
    LruCache<Known> known_;
};

}  // namespace fanion::cp::flags
