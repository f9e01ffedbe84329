#include "relay/cache/flag_digests.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace fanion;

namespace {

using Bodies = std::map<std::string, std::string>;

std::string flag(const std::string& key, bool client, const std::string& more = "") {
    return R"({"key":")" + key + R"(","type":"boolean","version":1,"enabled":true,"client":)" +
           (client ? "true" : "false") +
           R"(,"variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off","fallthrough":{"variation":"on"})" +
           more + "}";
}
std::string segment(const std::string& key, const std::string& when) {
    return R"({"key":")" + key + R"(","version":1,"rules":[{"when":)" + when + "}]}";
}
std::string in_segment(const std::string& key) { return R"({"op":"in_segment","values":[")" + key + "\"]}"; }
std::string rule(const std::string& when) {
    return R"(,"rules":[{"id":"r","when":)" + when + R"(,"serve":{"variation":"off"}}])";
}

// Flag `page` for clients depends on flag `base` and on the segments `outer`, `inner` and `of-base`.
Bodies standard() {
    return {
        {"access/k", R"({"id":"k","kind":"server","sha256":")" + std::string(64, 'a') + R"(","origins":[]})"},
        {"flag/back-end", flag("back-end", false, rule(in_segment("unused")))},
        {"flag/base", flag("base", false, rule(in_segment("of-base")))},
        {"flag/page",
         flag("page", true, rule(in_segment("outer")) + R"(,"prerequisites":[{"flag":"base","variations":["on"]}])")},
        {"flag/z", flag("z", true)},
        {"segment/alone", segment("alone", R"({"all":[]})")},
        {"segment/inner", segment("inner", R"({"all":[]})")},
        {"segment/of-base", segment("of-base", R"({"all":[]})")},
        {"segment/outer", segment("outer", in_segment("inner"))},
        {"segment/unused", segment("unused", R"({"all":[]})")}};
}

relay::cache::FlagDigests digests(const Bodies& bodies) {
    wire::ItemSet set;
    std::vector<eval::Item> items;
    for (const auto& [key, text] : bodies) {
        items.push_back({key, std::make_shared<const std::string>(text)});
        set.put(key, items.back().body);
    }
    const auto ruleset = eval::compile(items);
    REQUIRE(ruleset.has_value());
    return relay::cache::digest_flags(set, **ruleset);
}

}  // namespace

TEST_CASE("a digest changes with every item that the answers depend on, and with no other") {
    struct Row {
        std::string item;
        bool all;
        bool client;
    };
    const Row rows[] = {{"access/k", false, false},    {"flag/back-end", true, false},
                        {"flag/base", true, true},     {"flag/page", true, true},
                        {"flag/z", true, true},        {"segment/alone", false, false},
                        {"segment/inner", true, true}, {"segment/of-base", true, true},
                        {"segment/outer", true, true}, {"segment/unused", true, false}};
    const auto before = digests(standard());
    CHECK(before.all != before.client);
    REQUIRE(std::size(rows) == standard().size());
    for (const auto& row : rows) {
        CAPTURE(row.item);
        auto bodies = standard();
        bodies.at(row.item).insert(1, " ");
        const auto after = digests(bodies);
        CHECK((after.all != before.all) == row.all);
        CHECK((after.client != before.client) == row.client);
        CHECK(&after.of(model::AccessEntry::Kind::client) == &after.client);
        CHECK(&after.of(model::AccessEntry::Kind::server) == &after.all);
    }
}

TEST_CASE("a flag that is marked for clients, or is no longer, changes their digest") {
    auto bodies = standard();
    const auto before = digests(bodies);
    bodies["flag/back-end"] = flag("back-end", true, rule(in_segment("unused")));
    CHECK(digests(bodies).client != before.client);
    bodies.erase("flag/z");
    CHECK(digests(bodies).all != before.all);
    CHECK(digests({}).all == digests({}).client);
}
