#include "control-plane/promotion/configuration.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::cp;
using namespace fanion::cp::promotion;

TEST_CASE("a configuration is restored from the item that a ruleset had of it") {
    flags::FlagDefinition definition;
    definition.key = "f";
    definition.variations = flags::boolean_variations();
    flags::FlagEnvironment past{"production", flags::default_config(definition), 3, 1000};
    past.config.enabled = true;
    past.config.rules.push_back({"r1", {}, model::ServeVariation{"on"}});
    const auto item = flags::item_body(definition, past);
    const flags::FlagEnvironment present{"production", flags::default_config(definition), 8, 2000};
    const auto restored_flag = restored(present, item);
    CHECK(restored_flag.config == past.config);
    CHECK(restored_flag.version == 8);
    CHECK(content_json(restored_flag) == content_json(past));

    segments::SegmentDefinition segment;
    segment.key = "s";
    segments::SegmentEnvironment members{"production", {}, 3, 1000};
    members.members.included.push_back({"targetingKey", {"alice"}, ""});
    const auto restored_segment =
        restored(segments::SegmentEnvironment{"production", {}, 9, 2000}, segments::item_body(segment, members));
    CHECK(restored_segment.members == members.members);
    CHECK(restored_segment.version == 9);
}

TEST_CASE("what works in the source only is lacking") {
    flags::FlagEnvironment on;
    on.config.enabled = true;
    const flags::FlagEnvironment off;
    CHECK(is_lacking(on, off));
    CHECK_FALSE(is_lacking(on, on));
    CHECK_FALSE(is_lacking(off, off));
    CHECK_FALSE(is_lacking(off, on));

    segments::SegmentEnvironment filled;
    filled.members.excluded.push_back({"targetingKey", {"bob"}, ""});
    const segments::SegmentEnvironment empty;
    CHECK(is_lacking(filled, empty));
    CHECK_FALSE(is_lacking(filled, filled));
    CHECK_FALSE(is_lacking(empty, empty));
}

TEST_CASE("of a segment all members are promoted, and the version stays the target's") {
    segments::SegmentEnvironment source{"staging", {}, 3, 1};
    source.members.included.push_back({"targetingKey", {"alice"}, ""});
    const auto result = merged(source, segments::SegmentEnvironment{"production", {}, 7, 2}, {});
    CHECK(result.members == source.members);
    CHECK(result.environment == "production");
    CHECK(result.version == 7);
}
