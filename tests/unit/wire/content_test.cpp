// Items, deltas, manifests and lines.

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using namespace fanion::wire;
using fanion::test::body;

TEST_CASE("the root is SHA-256 over key, NUL and the body's hash, in order of key bytes") {
    ItemSet items;
    items.put("flag/b", body("{\"b\":2}"));
    items.put("flag/a", body("{\"a\":1}"));
    const auto line = [](std::string key, const char* text) {
        return key + std::string(1, '\0') + std::string(as_view(sha256(text)));
    };
    CHECK(items.root() == sha256(line("flag/a", "{\"a\":1}") + line("flag/b", "{\"b\":2}")));
    CHECK(ItemSet().root() == sha256(""));
}

TEST_CASE("an item set's bytes are the length of its item lines") {
    ItemSet items;
    const auto lines = [&] {
        std::string out;
        append_items(out, items);
        return out.size();
    };
    items.put("flag/a", body("{}"));
    items.put("flag/b", body("{\"x\":1}"));
    CHECK(items.bytes() == lines());
    items.put("flag/a", body("{\"longer\":true}"));
    items.put_redacted("flag/b", sha256("{\"x\":1}"));
    CHECK(items.bytes() == lines());
    CHECK(items.has_redacted());
    items.erase("flag/a");
    items.erase("flag/unknown");
    CHECK(items.bytes() == lines());
    CHECK(items.size() == 1);
}

TEST_CASE("a redacted item has the root of the item it stands for") {
    const auto whole = test::first_items();
    auto redacted = whole;
    redacted.put_redacted("flag/zoom", whole.items().at("flag/zoom").hash);
    CHECK(redacted.root() == whole.root());
    CHECK(redacted == whole);
}

TEST_CASE("changes between two contents turn one into the other") {
    const auto a = test::first_items();
    const auto b = test::second_items();
    for (const auto& [from, to] :
         {std::pair(a, b), std::pair(b, a), std::pair(ItemSet(), a), std::pair(a, ItemSet())}) {
        auto items = from;
        const auto changes = changes_between(from, to);
        apply_changes(items, changes);
        CHECK(items == to);
        std::string lines;
        append_changes(lines, changes);
        auto read = from;
        REQUIRE(apply_item_lines(read, lines, false));
        CHECK(read == to);
    }
    CHECK(changes_between(a, a).empty());
    const auto changes = changes_between(a, b);
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].key == "flag/new-checkout");
    CHECK((changes[1].key == "segment/beta" && changes[1].body == nullptr));
    CHECK(changes[2].key == "segment/staff");
}

TEST_CASE("item lines are read in any order, but not twice, not redacted and not cut short") {
    const auto hash = to_hex(sha256("x"));
    struct Case {
        std::string lines;
        bool whole;
        bool good;
    };
    const std::vector<Case> cases{
        {"b\t{}\na\t{}\n", true, true},
        {"a\t{}\na\t{}\n", true, false},
        {"a\t{}\nb\t{}\na\t\n", false, false},
        {"a\t{}", true, false},
        {"a{}\n", true, false},
        {"\t{}\n", true, false},
        {"\n", true, false},
        {"a\t\n", true, false},
        {"a\t\n", false, true},
        {"a\t#" + hash + "\n", false, false},
        {"a\t#" + hash + "\n", true, false},
        {"a\t{\r}\n", true, false},
        {"", true, true},
    };
    for (const auto& c : cases) {
        INFO(c.lines);
        ItemSet items;
        CHECK(apply_item_lines(items, c.lines, c.whole).has_value() == c.good);
    }
}

TEST_CASE("who only evaluates may read redacted lines, and reaches the same root") {
    ItemSet whole;
    whole.put("flag/a", body("{}"));
    whole.put("flag/b", body("{\"x\":1}"));
    ItemSet read;
    const auto lines = "flag/a\t{}\nflag/b\t#" + to_hex(sha256("{\"x\":1}")) + "\n";
    REQUIRE(apply_item_lines(read, lines, true, Redacted::accepted));
    CHECK(read.has_redacted());
    CHECK(read.root() == whole.root());
    CHECK_FALSE(apply_item_lines(read, lines + "flag/b\t{}\n", true, Redacted::accepted));
}

TEST_CASE("an item line is a body, a hash or a tombstone") {
    const auto hash = to_hex(sha256("x"));
    CHECK(parse_item_line("flag/a\t{\"k\":\"a\tb\"}")->body == "{\"k\":\"a\tb\"}");
    CHECK(parse_item_line("flag/a\t")->kind == ItemLine::Kind::tombstone);
    CHECK(parse_item_line("flag/a\t#" + hash)->hash == sha256("x"));
    CHECK_FALSE(parse_item_line("flag/a\t#" + hash.substr(1)));
    std::string upper = hash;
    for (auto& c : upper) c = static_cast<char>(std::toupper(c));
    CHECK_FALSE(parse_item_line("flag/a\t#" + upper));
}

TEST_CASE("the pre-authentication encoding is DSSE's") {
    CHECK(pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
          "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    CHECK(pre_authentication_encoding("", "") == "DSSEv1 0  0 ");
}

TEST_CASE("line 0 reads back, ignores what it does not know and needs what it must have") {
    SignatureLine line;
    line.signatures.push_back({"9f86d081884c7d65", std::string(64, 'x')});
    line.full = FullHint{"{\"typ\":\"full\"}", line.signatures};
    const auto text = to_json(line);
    const auto read = parse_signature_line(text);
    REQUIRE(read);
    CHECK(to_json(*read) == text);
    const auto sig = to_base64(std::string(64, 'x'));
    CHECK(parse_signature_line(R"({"v":1,"new":{"a":[1]},"sigs":[{"kid":"k","sig":")" + sig + R"(","x":1}]})"));
    CHECK(parse_signature_line(R"({"v":1,"sigs":[]})"));
    for (const auto& bad : std::vector<std::string>{
             "", "[]", "{}", R"({"v":1})", R"({"v":2,"sigs":[]})", R"({"sigs":[]})", R"({"v":1,"sigs":{}})",
             R"({"v":1,"sigs":[{"kid":"k"}]})", R"({"v":1,"sigs":[{"kid":"k","sig":"AAAA"}]})",
             R"({"v":1,"sigs":[],"full":{"sigs":[]}})", R"({"v":1,"sigs":[],"full":{"manifest":"a\nb","sigs":[]}})",
             R"({"v":1,"sigs":[]} x)"}) {
        INFO(bad);
        CHECK_FALSE(parse_signature_line(bad));
    }
}

TEST_CASE("line 0 may name a trace, which changes nothing else and is dropped if it cannot be one") {
    const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    SignatureLine line;
    line.signatures.push_back({"kid", std::string(64, 'x')});
    const auto plain = to_json(line);
    CHECK(plain.find("trace") == std::string::npos);
    line.trace = trace;
    const auto text = to_json(line);
    CHECK(text == plain.substr(0, plain.size() - 1) + ",\"trace\":\"" + trace + "\"}");
    REQUIRE(parse_signature_line(text));
    CHECK(parse_signature_line(text)->trace == trace);
    const auto with = [&](const std::string& value) {
        return parse_signature_line(plain.substr(0, plain.size() - 1) + ",\"trace\":" + value + "}");
    };
    for (const std::string value : {"7", "null", "{}", "[]", "\"\"", "\"00-short\""}) {
        REQUIRE(with(value));
        CHECK(with(value)->trace.empty());
    }
    REQUIRE(with("\"" + trace + "0\""));
    CHECK(with("\"" + trace + "0\"")->trace.empty());
}

TEST_CASE("an envelope needs the ends of lines 0 and 1") {
    CHECK(parse_envelope("{\"v\":1,\"sigs\":[]}\n{}\n")->payload == "{}");
    CHECK(parse_envelope("{\"v\":1,\"sigs\":[]}\n{}\na\tb")->items == "a\tb");
    CHECK_FALSE(parse_envelope("{\"v\":1,\"sigs\":[]}\n{}"));
    CHECK_FALSE(parse_envelope("{\"v\":1,\"sigs\":[]}"));
    CHECK_FALSE(parse_envelope(""));
}

TEST_CASE("a manifest reads back as written, in each of its types") {
    const test::History history;
    auto revoked = history.manifest2;
    revoked.type = ManifestType::revoked;
    for (const auto& manifest :
         {history.manifest1, history.manifest2, history.delta_manifest(), history.head_manifest(), revoked}) {
        const auto text = to_json(manifest);
        const auto read = parse_manifest(text);
        REQUIRE(read);
        CHECK(to_json(*read) == text);
    }
    CHECK(
        to_json(history.manifest2)
            .starts_with(
                R"({"typ":"full","iss":"fanion:7d1f","org":"acme","project":"web","env":"production","env_id":"e_5k2j9x",)"
                R"("min_reader":1,"epoch":1763719200,"version":2,"prev":")"));
}

TEST_CASE("a manifest without a member it must have, or with one of another type, is malformed") {
    const test::History history;
    const auto delta = to_json(history.delta_manifest());
    const auto without = [&](std::string_view from, std::string_view to) {
        auto text = delta;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    REQUIRE(parse_manifest(delta));
    for (const auto& name : {"typ", "iss", "org", "project", "env", "env_id", "min_reader", "epoch", "version", "root",
                             "items", "bytes", "issued_at", "base"}) {
        INFO(name);
        CHECK_FALSE(parse_manifest(without("\"" + std::string(name) + "\":", "\"x\":")));
    }
    CHECK_FALSE(parse_manifest(without("\"version\":2", "\"version\":\"2\"")));
    CHECK_FALSE(parse_manifest(without("\"version\":2", "\"version\":-2")));
    CHECK_FALSE(parse_manifest(without("\"version\":2", "\"version\":1")));  // the base is not older
    CHECK_FALSE(parse_manifest(without("\"typ\":\"delta\"", "\"typ\":\"other\"")));
    CHECK(parse_manifest(without("{\"typ\"", "{\"new\":[],\"typ\"")));
}

TEST_CASE("versions are ordered by epoch, then number, and read back") {
    CHECK(Version{2, 1} > Version{1, 9});
    CHECK(Version{2, 2} > Version{2, 1});
    CHECK(parse_version("1763719200.4711") == Version{1763719200, 4711});
    for (const auto* bad : {"", ".", "1.", ".1", "1", "1.2.3", "-1.2", "a.b", "1. 2"}) CHECK_FALSE(parse_version(bad));
}
