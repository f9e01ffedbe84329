#include "control-plane/flags/list_cache.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace fanion::cp::flags;

namespace {

ListedPagePtr some_page() { return std::make_shared<const ListedPage>(); }

}  // namespace

TEST_CASE("a page is found by its target as long as the state is the same") {
    ListCache cache;
    const auto page = some_page();
    cache.put("ann /flags?limit=100", "7", page, 100);
    CHECK(cache.find("ann /flags?limit=100", "7") == page);
    CHECK(cache.find("bob /flags?limit=100", "7") == nullptr);
    CHECK(cache.find("ann /flags?limit=100", "8") == nullptr);

    const auto newer = some_page();
    cache.put("ann /flags?limit=100", "8", newer, 100);
    CHECK(cache.find("ann /flags?limit=100", "8") == newer);
    CHECK(cache.find("ann /flags?limit=100", "7") == nullptr);
    CHECK(cache.size() == 1);
}

TEST_CASE("without a state no page is kept or found") {
    ListCache cache;
    cache.put("a", "", some_page(), 100);
    CHECK(cache.size() == 0);
    CHECK(cache.find("a", "") == nullptr);
}

TEST_CASE("pages take no more bytes than the bound; that which was used last stays") {
    constexpr std::size_t most_bytes = 100'000;
    ListCache cache(most_bytes);
    cache.put("first", "1", some_page(), 10'000);
    for (int i = 0; i < 100; ++i) {
        cache.put("page " + std::to_string(i), "1", some_page(), 10'000);
        CHECK(cache.find("first", "1") != nullptr);  // asked for again and again
        REQUIRE(cache.bytes() <= most_bytes);
    }
    CHECK(cache.size() == 9);  // of some 11,000 bytes each
    CHECK(cache.find("page 99", "1") != nullptr);
    CHECK(cache.find("page 0", "1") == nullptr);
}

TEST_CASE("a page costs its target and its state, too: long searches that find nothing take room") {
    constexpr std::size_t most_bytes = 100'000;
    ListCache cache(most_bytes);
    cache.put("a", "1", some_page(), 0);
    CHECK(cache.bytes() >= 1000);
    for (int i = 0; i < 100; ++i) cache.put(std::string(8000, 'q') + std::to_string(i), "1", some_page(), 0);
    CHECK(cache.bytes() <= most_bytes);
    CHECK(cache.size() <= most_bytes / 16'000);
    CHECK(cache.size() > 0);
}

TEST_CASE("a page that is larger than the bound is not kept, and drops no other") {
    ListCache cache(10'000);
    const auto page = some_page();
    cache.put("small", "1", page, 100);
    cache.put("large", "1", some_page(), 10'000);
    CHECK(cache.find("large", "1") == nullptr);
    CHECK(cache.find("small", "1") == page);
}
