#include "common/base/published.hpp"

#include <catch2/catch.hpp>
#include <thread>

using namespace fanion;

TEST_CASE("a reader sees nothing, then each published value, and the displaced one is handed back") {
    Published<int> published;
    Published<int>::Reader reader(published);
    CHECK(reader.get() == nullptr);
    CHECK(published.publish(std::make_shared<const int>(1)) == nullptr);
    CHECK(*reader.get() == 1);
    const auto displaced = published.publish(std::make_shared<const int>(2));
    CHECK(*displaced == 1);
    CHECK(*reader.get() == 2);
    CHECK(*reader.pointer() == 2);
}

TEST_CASE("a reading thread never sees a value go backwards") {
    Published<int> published(std::make_shared<const int>(0));
    std::thread writer([&published] {
        for (int i = 1; i <= 20'000; ++i) published.publish(std::make_shared<const int>(i));
    });
    Published<int>::Reader reader(published);
    int last = 0;
    bool ordered = true;
    while (last < 20'000) {
        const int now = *reader.get();
        ordered = ordered && now >= last;
        last = now;
    }
    writer.join();
    CHECK(ordered);
}
