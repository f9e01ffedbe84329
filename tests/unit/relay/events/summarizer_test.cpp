#include "relay/events/summarizer.hpp"

#include <catch2/catch.hpp>

#include "relay/events/labels.hpp"

using namespace fanion;
using namespace fanion::relay::events;

namespace {

std::string labels_of(std::string_view env, std::string_view flag, std::string_view variation = "on") {
    std::string bytes;
    append_labels(bytes, {env, flag, variation, "SPLIT", "python/1.2", 12});
    return bytes;
}

std::size_t json_size(const std::vector<wire::CountEvent>& counts) {
    std::string out;
    for (const auto& count : counts) {
        append_json(out, count);
        out += ',';
    }
    return out.size();
}

}  // namespace

TEST_CASE("labels are parsed from their bytes, and not from fewer or more") {
    const Labels labels{"e_1", "new-checkout", "", "DEFAULT", "", 7};
    std::string bytes;
    append_labels(bytes, labels);
    CHECK(parse_labels(bytes) == labels);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(parse_labels(bytes.substr(0, cut)).has_value());
    CHECK_FALSE(parse_labels(bytes + "x").has_value());
}

TEST_CASE("a rule follows the labels, and takes no bytes where there is none") {
    Labels labels{"e_1", "new-checkout", "on", "SPLIT", "", 7};
    std::string without;
    append_labels(without, labels);
    labels.rule = "r-7f3a";
    std::string bytes;
    append_labels(bytes, labels);
    CHECK(parse_labels(bytes) == labels);
    CHECK(bytes == without + std::string("\x06\0", 2) + "r-7f3a");
    CHECK(parse_labels(without)->rule.empty());
    for (std::size_t cut = without.size() + 1; cut < bytes.size(); ++cut)
        CHECK_FALSE(parse_labels(bytes.substr(0, cut)).has_value());
    CHECK_FALSE(parse_labels(bytes + "x").has_value());
    CHECK_FALSE(parse_labels(without + std::string(2, '\0')).has_value());  // equal labels have equal bytes
}

TEST_CASE("label texts are truncated to the limit of an event") {
    const std::string longer(wire::event_name_bytes + 10, 'x');
    std::string bytes;
    append_labels(bytes, {"e_1", longer, "", "", "", 0});
    CHECK(parse_labels(bytes)->flag.size() == wire::event_name_bytes);
}

TEST_CASE("equal labels are summed into one row") {
    Summarizer rows(1 << 20);
    CHECK(rows.empty());
    CHECK(rows.add(labels_of("e_2", "b"), 5));
    CHECK(rows.add(labels_of("e_1", "b"), 1));
    CHECK(rows.add(labels_of("e_2", "b"), 7));
    CHECK(rows.add(labels_of("e_2", "b", "off"), 2));
    CHECK(rows.evaluations() == 15);
    const auto counts = rows.take();
    REQUIRE(counts.size() == 3);
    CHECK(counts[0] == wire::CountEvent{"e_1", "b", "on", 12, "SPLIT", "python/1.2", 1});
    CHECK(counts[1] == wire::CountEvent{"e_2", "b", "on", 12, "SPLIT", "python/1.2", 12});
    CHECK(counts[2].variation == "off");
}

TEST_CASE("no row is added past the size limit, but existing rows still grow") {
    Summarizer rows(10'000);
    std::uint64_t added = 0;
    while (rows.add(labels_of("e_1", "flag-" + std::to_string(added)), 1)) ++added;
    CHECK(added > 30);
    CHECK(rows.add(labels_of("e_1", "flag-0"), 1));
    CHECK(rows.evaluations() == added + 1);
    CHECK(json_size(rows.take()) <= 10'000);
}

TEST_CASE("the size estimate also holds for texts that JSON escapes") {
    Summarizer rows(10'000);
    std::uint64_t added = 0;
    const std::string escaped(200, '"');
    while (rows.add(labels_of("e_1", escaped + std::to_string(added)), 1)) ++added;
    CHECK(added > 5);
    CHECK(json_size(rows.take()) <= 10'000);
}

TEST_CASE("the first row always fits") {
    Summarizer rows(1);
    CHECK(rows.add(labels_of("e_1", "a"), 1));
    CHECK_FALSE(rows.add(labels_of("e_1", "b"), 1));
}
