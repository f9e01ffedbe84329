#include <catch2/catch.hpp>

#include "common/wire/sse_format.hpp"
#include "common/wire/sse_parser.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

std::vector<SseEvent> parse_all(std::string_view text) {
    SseParser parser;
    std::vector<SseEvent> events;
    REQUIRE(parser.feed(text, events));
    return events;
}

std::string shown(const std::vector<SseEvent>& events) {
    std::string out;
    for (const auto& event : events) out += "[" + event.event + "|" + event.id + "|" + std::string(event.text()) + "]";
    return out;
}

}  // namespace

TEST_CASE("streams read as the WHATWG standard says") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"data: YHOO\ndata: +2\ndata: 10\n\n", "[message||YHOO\n+2\n10]"},
        {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
         "[message|1|first event][message||second event][message|| third event]"},
        {"data\n\ndata\ndata\n\ndata:", "[message||][message||\n]"},
        {"data:test\n\ndata: test\n\n", "[message||test][message||test]"},
        {"event: put\ndata: x\n\ndata: y\n\n", "[put||x][message||y]"},
        {"event: put\n\ndata: y\n\n", "[message||y]"},
        {"id: 7\n\ndata: y\n\n", "[message|7|y]"},
        {"\xEF\xBB\xBF"
         "data: x\n\n",
         "[message||x]"},
        {"\xEF\xBB"
         "data: x\n\ndata: y\n\n",
         "[message||y]"},
        {"\xEF\xBB\xBF\xEF\xBB\xBF"
         "data: x\n\ndata: y\n\n",
         "[message||y]"},
        {"data: a\r\ndata: b\rdata: c\n\r\n", "[message||a\nb\nc]"},
        {"data: a\r\rdata: b\n\n", "[message||a][message||b]"},
        {"data: a\r\n\r\ndata: b\r\n\r\n", "[message||a][message||b]"},
        {"dat: a\nDATA: b\n data: c\ndata : d\ndata: e\n\n", "[message||e]"},
        {"data: a:b: c\n\n", "[message||a:b: c]"},
        {std::string("id: a\0b\ndata: x\n\n", 17), "[message||x]"},
        {"data: unfinished\n", ""},
        {"\n\n\n", ""},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(shown(parse_all(text)) == expected);
    }
}

TEST_CASE("a stream may be split at any byte") {
    const std::string text =
        "\xEF\xBB\xBF: hello\r\nevent: put\r\nid: e_1:2.3\r\ndata: one\r\ndata: two\r\n\r\nretry: 1500\rdata: "
        "three\r\rid: 9\n"
        "event: head\ndata: four\n\n";
    const auto whole = shown(parse_all(text));
    for (std::size_t i = 0; i <= text.size(); ++i) {
        for (std::size_t j = i; j <= text.size(); j += 7) {
            SseParser parser;
            std::vector<SseEvent> events;
            REQUIRE(parser.feed(text.substr(0, i), events));
            REQUIRE(parser.feed(text.substr(i, j - i), events));
            REQUIRE(parser.feed(text.substr(j), events));
            REQUIRE(shown(events) == whole);
            CHECK(parser.retry() == std::chrono::milliseconds(1500));
            CHECK(parser.last_event_id() == "9");
        }
    }
    SseParser one_by_one;
    std::vector<SseEvent> events;
    for (const char c : text) REQUIRE(one_by_one.feed(std::string_view(&c, 1), events));
    CHECK(shown(events) == whole);
}

TEST_CASE("a signed document travels through an event to the byte") {
    const test::History h;
    SseParser parser;
    std::vector<SseEvent> events;
    const auto stream = format_retry(std::chrono::milliseconds(10)) + format_comment("hello") +
                        format_event(StreamEvent::put, "e_5k2j9x", h.manifest1.version, h.full1) +
                        format_event(StreamEvent::patch, "e_5k2j9x", h.manifest2.version, h.delta());
    REQUIRE(parser.feed(stream, events));
    REQUIRE(events.size() == 2);
    CHECK(events[0].event == "put");
    CHECK(events[0].id == "e_5k2j9x:1763719200.1");
    CHECK(events[0].data == h.full1);
    CHECK(events[1].event == "patch");
    CHECK(events[1].data == h.delta());
}

TEST_CASE("an event is written line by line") {
    CHECK(format_event(StreamEvent::head, "e_1", {5, 6}, "a\n b\n\n") ==
          "event: head\nid: e_1:5.6\ndata: a\ndata:  b\ndata: \n\n");
    CHECK(event_of(ManifestType::delta) == StreamEvent::patch);
    CHECK(event_of(ManifestType::revoked) == StreamEvent::revoked);
}

TEST_CASE("lines and events are bounded before they are kept") {
    std::vector<SseEvent> events;
    SseParser lines(SseLimits{100, 1000});
    CHECK_FALSE(lines.feed("data: " + std::string(95, 'x'), events));
    CHECK_FALSE(lines.feed("\n\n", events));  // stays refused
    lines.reset();
    CHECK(lines.feed("data: " + std::string(94, 'x') + "\n\n", events));
    CHECK(events.size() == 1);

    SseParser sums(SseLimits{100, 150});
    CHECK(sums.feed("data: " + std::string(80, 'x') + "\n", events));
    CHECK_FALSE(sums.feed("data: " + std::string(80, 'x') + "\n", events));

    SseParser endless(SseLimits{100, 1000});
    const std::string piece(30, 'x');
    CHECK(endless.feed(piece, events));
    CHECK(endless.feed(piece, events));
    CHECK(endless.feed(piece, events));
    CHECK_FALSE(endless.feed(piece, events));
}

TEST_CASE("a new connection forgets the unfinished event and keeps the last id") {
    SseParser parser;
    std::vector<SseEvent> events;
    REQUIRE(parser.feed("id: 1\ndata: x\n\nid: 2\ndata: cut", events));
    parser.reset();
    CHECK(parser.last_event_id() == "1");
    REQUIRE(parser.feed("data: y\n\n", events));
    CHECK(shown(events) == "[message|1|x][message||y]");
}

TEST_CASE("retry takes digits only") {
    SseParser parser;
    std::vector<SseEvent> events;
    REQUIRE(parser.feed("retry: 12\nretry: 1x\nretry: -5\nretry:\n", events));
    CHECK(parser.retry() == std::chrono::milliseconds(12));
}
