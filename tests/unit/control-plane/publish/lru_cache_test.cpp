#include "common/base/lru_cache.hpp"

#include <catch2/catch.hpp>

using fanion::LruCache;

TEST_CASE("past its bound a cache drops what was used longest ago") {
    LruCache<int> cache(10);
    cache.put("a", 1, 4);
    cache.put("b", 2, 4);
    REQUIRE(cache.find("a") != nullptr);
    cache.put("c", 3, 4);
    CHECK(cache.find("b") == nullptr);
    CHECK(*cache.find("a") == 1);
    CHECK(*cache.find("c") == 3);
    CHECK(cache.cost() == 8);
}

TEST_CASE("a value replaces the one under its key, and its cost") {
    LruCache<int> cache(10);
    cache.put("a", 1, 9);
    cache.put("a", 2, 3);
    CHECK(*cache.find("a") == 2);
    CHECK(cache.cost() == 3);
    cache.erase("a");
    cache.erase("a");
    CHECK(cache.size() == 0);
    CHECK(cache.cost() == 0);
}

TEST_CASE("what is larger than the whole cache is not kept and drives nothing out") {
    LruCache<int> cache(10);
    cache.put("a", 1, 4);
    cache.put("b", 2, 11);
    CHECK(cache.find("b") == nullptr);
    CHECK(cache.find("a") != nullptr);
}
