// Exports of audit logs: whatever is done to one is found, at its place.

#include "common/wire/audit_export.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "common/base/text.hpp"
#include "common/json/tree.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

struct Link {
    std::string canonical;
    std::uint64_t seq = 0;
    Sha256 previous{};
    Sha256 hash{};
};

std::string canonical_of(std::uint64_t seq, const std::string& action, const std::string& after) {
    const auto n = std::to_string(seq);
    return R"({"org_id":"o_1","seq":)" + n + R"(,"id":"a_)" + n + R"(","at":17637200000)" + n + R"(,"action":")" +
           action + R"(","before":null,"after":)" + after + "}";
}

// Entries after `after`.
std::vector<Link> chain(std::size_t length, AuditHead after = {}) {
    std::vector<Link> links;
    for (std::size_t i = 0; i < length; ++i) {
        const auto seq = after.seq + 1;
        Link link{canonical_of(seq, "flag.updated", R"({"n":[1,"x"]})"), seq, after.hash, {}};
        link.hash = chain_hash(link.previous, link.canonical);
        after = {seq, link.hash};
        links.push_back(std::move(link));
    }
    return links;
}

AuditHead head_of(const Link& link) { return {link.seq, link.hash}; }

std::string export_of(const std::vector<Link>& links, AuditHead after = {}, const std::string& filter = "") {
    std::string out;
    AuditExportWriter writer;
    writer.begin(out, {"acme", "o_1", 1'763'720'000'000, after, filter});
    for (const auto& link : links) writer.add(out, link.canonical, link.seq, link.previous, link.hash);
    writer.end(out);
    return out;
}

AuditReport verify(std::string_view text, std::vector<AuditStatement> statements = {}) {
    AuditVerifier verifier(std::move(statements));
    while (!text.empty()) {
        const auto end = text.find('\n');
        verifier.feed(text.substr(0, end), end != std::string_view::npos);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return verifier.finish();
}

// "line seq code" of each fault.
std::vector<std::string> faults_in(const AuditReport& report) {
    std::vector<std::string> found;
    for (const auto& fault : report.faults)
        found.push_back(std::to_string(fault.line) + ' ' + std::to_string(fault.seq) + ' ' + fault.code);
    return found;
}

using Faults = std::vector<std::string>;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto line : split(std::string_view(text).substr(0, text.size() - 1), '\n')) lines.emplace_back(line);
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + '\n';
    return text;
}

struct Altered {
    std::string path, line;
};

json::Tree another(const json::Tree& leaf) {
    if (leaf.is(json::Kind::number)) return json::Tree::number(parse_u64(leaf.number_text()).value() + 1);
    if (!leaf.is(json::Kind::string)) return json::Tree::boolean(!leaf.is(json::Kind::boolean) || !leaf.as_bool());
    auto text = leaf.as_string();
    const bool is_hash = text.size() == 64;
    if (is_hash) text[0] = text[0] == '0' ? '1' : '0';
    return json::Tree::string(is_hash ? text : text + 'x');
}

void alter_each(json::Tree& part, const json::Tree& whole, const std::string& path, std::vector<Altered>& out) {
    if (part.is(json::Kind::object)) {
        for (auto& [name, value] : part.members()) alter_each(value, whole, path + '/' + name, out);
    } else if (part.is(json::Kind::array)) {
        for (auto& element : part.elements()) alter_each(element, whole, path + "/-", out);
    } else {
        const auto kept = part;
        part = another(kept);
        out.push_back({path, whole.to_text()});
        part = kept;
    }
}

// The line with each of its members, at any depth, changed.
std::vector<Altered> alterations(const std::string& line) {
    auto whole = json::Tree::parse(line).value();
    std::vector<Altered> out;
    alter_each(whole, whole, "", out);
    return out;
}

// With the sum of the lines before the last one.
std::string summed(std::vector<std::string> lines) {
    auto end = json::Tree::parse(lines.back()).value();
    lines.pop_back();
    const auto text = joined(lines);
    return text + end.set("sha256", json::Tree::string(to_hex(sha256(text)))).to_text() + '\n';
}

}  // namespace

TEST_CASE("an export is written in one way") {
    const auto links = chain(1);
    const auto zero = std::string(64, '0');
    const auto hash = to_hex(links[0].hash);
    const auto text = export_of(links);
    const auto lines = lines_of(text);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] ==
          R"({"fanion_audit":1,"org":"acme","org_id":"o_1","exported_at":1763720000000,"after":{"seq":0,"hash":")" +
              zero + "\"}}");
    CHECK(lines[1] == R"({"entry":)" + links[0].canonical + R"(,"previous":")" + zero + R"(","hash":")" + hash + "\"}");
    CHECK(lines[2] == R"({"entries":1,"head":{"seq":1,"hash":")" + hash + R"("},"sha256":")" +
                          to_hex(sha256(lines[0] + '\n' + lines[1] + '\n')) + "\"}");
}

TEST_CASE("an untouched export verifies") {
    const auto links = chain(5);
    const auto report = verify(export_of(links));
    CHECK(faults_in(report) == Faults{});
    CHECK(report.entries == 5);
    CHECK(report.first == head_of(links[0]));
    CHECK(report.last == head_of(links[4]));
    CHECK(report.start == AuditStart::first);
    CHECK(report.header.org == "acme");
    CHECK(faults_in(verify(export_of({}))) == Faults{});
}

TEST_CASE("a flip of any bit of an export is found on the line of the byte or the next one") {
    const auto text = export_of(chain(4));
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto flipped = text;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            const auto report = verify(flipped);
            INFO("byte " << at << " bit " << bit);
            REQUIRE_FALSE(report.faults.empty());
            const auto line =
                1 + static_cast<std::uint64_t>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
            const auto found = report.faults[0].line;
            // What changes the first or the last line may be seen at the other one only.
            const bool is_frame = line == 1 || line == 6;
            CHECK((is_frame || (found >= line && found <= line + 1)));
        }
    }
}

TEST_CASE("any member that is altered is found, though the sum is made anew") {
    const auto lines = lines_of(export_of(chain(3)));
    CHECK(faults_in(verify(summed(lines))) == Faults{});
    for (std::size_t number = 0; number < lines.size(); ++number) {
        const auto found = alterations(lines[number]);
        CHECK(found.size() >= 3);
        for (const auto& [path, line] : found) {
            auto altered = lines;
            altered[number] = line;
            INFO("line " << number + 1 << ' ' << path);
            CHECK_FALSE(verify(joined(altered)).faults.empty());
            if (number + 1 == lines.size()) continue;
            const bool is_said_nowhere_else = number == 0 && (path == "/org" || path == "/exported_at");
            CHECK(verify(summed(altered)).faults.empty() == is_said_nowhere_else);
        }
    }
}

TEST_CASE("a removed, reordered, repeated or inserted entry is found at its place") {
    const auto links = chain(5);
    auto lines = lines_of(export_of(links));
    SECTION("removed") {
        lines.erase(lines.begin() + 3);  // entry 3
        CHECK(faults_in(verify(joined(lines)))[0] == "4 4 missing");
    }
    SECTION("the first is removed") {
        lines.erase(lines.begin() + 1);
        CHECK(faults_in(verify(joined(lines)))[0] == "2 2 missing");
    }
    SECTION("the last is removed") {
        lines.erase(lines.begin() + 5);
        CHECK(faults_in(verify(joined(lines)))[0] == "6 0 missing");
    }
    SECTION("reordered") {
        std::swap(lines[2], lines[3]);
        const auto found = faults_in(verify(joined(lines)));
        CHECK(found[0] == "3 3 missing");
        CHECK(found[1] == "4 2 out_of_order");
    }
    SECTION("repeated") {
        lines.insert(lines.begin() + 3, lines[2]);
        CHECK(faults_in(verify(joined(lines)))[0] == "4 2 out_of_order");
    }
    SECTION("inserted, with a number of its own") {
        const auto forged = chain(1, head_of(links[1]));  // another entry 3
        auto other = forged[0];
        other.canonical = canonical_of(3, "flag.deleted", "null");
        other.hash = chain_hash(other.previous, other.canonical);
        auto text = lines_of(export_of({other}, head_of(links[1])));
        lines.insert(lines.begin() + 3, text[1]);
        CHECK(faults_in(verify(joined(lines)))[0] == "5 3 out_of_order");
    }
    SECTION("replaced, with a hash of its own") {
        auto other = links[2];
        other.canonical = canonical_of(3, "flag.deleted", "null");
        other.hash = chain_hash(other.previous, other.canonical);
        lines[3] = lines_of(export_of({other}, head_of(links[1])))[1];
        CHECK(faults_in(verify(joined(lines)))[0] == "5 4 does_not_follow");
    }
    SECTION("of another organisation") {
        auto other = links[2];
        other.canonical.replace(other.canonical.find("o_1"), 3, "o_2");
        other.hash = chain_hash(other.previous, other.canonical);
        lines[3] = lines_of(export_of({other}, head_of(links[1])))[1];
        CHECK(faults_in(verify(joined(lines)))[0] == "4 3 foreign");
    }
}

TEST_CASE("an export cut off at any byte is found") {
    const auto text = export_of(chain(3));
    for (std::size_t length = 0; length < text.size(); ++length) {
        INFO(length);
        CHECK_FALSE(verify(std::string_view(text).substr(0, length)).faults.empty());
    }
    CHECK(faults_in(verify(text + "x"))[0] == "6 0 after_end");
}

TEST_CASE("a log that was rewritten as a whole is found by a statement from elsewhere") {
    const auto links = chain(5);
    auto rewritten = links;
    rewritten[1].canonical = canonical_of(2, "flag.deleted", "null");
    Sha256 previous{};
    for (auto& link : rewritten) {
        link.previous = previous;
        link.hash = previous = chain_hash(previous, link.canonical);
    }
    const auto text = export_of(rewritten);
    CHECK(faults_in(verify(text)) == Faults{});
    const AuditStatement ruleset{"ruleset 7.1 of acme/web/production", head_of(links[2])};
    CHECK(faults_in(verify(text, {ruleset})) == Faults{"4 3 contradicted"});
    const auto honest = verify(export_of(links), {ruleset});
    CHECK(faults_in(honest) == Faults{});
    CHECK(honest.statements_met == 1);
    // Entries that a ruleset names must be there.
    CHECK(faults_in(verify(export_of(chain(2)), {ruleset})) == Faults{"4 0 missing"});
}

TEST_CASE("a log that begins later must have its beginning proven") {
    const auto links = chain(6);
    const auto cut = head_of(links[2]);
    std::vector<Link> rest(links.begin() + 3, links.end());
    SECTION("by nothing") {
        const auto report = verify(export_of(rest, cut));
        CHECK(faults_in(report) == Faults{"5 0 unproven_start"});
        CHECK(report.start == AuditStart::unproven);
    }
    SECTION("by the entry that the retention left") {
        Link purged{canonical_of(7, "audit.purged", R"({"through":3,"hash":")" + to_hex(cut.hash) + "\"}"),
                    7,
                    links[5].hash,
                    {}};
        purged.hash = chain_hash(purged.previous, purged.canonical);
        rest.push_back(purged);
        const auto report = verify(export_of(rest, cut));
        CHECK(faults_in(report) == Faults{});
        CHECK(report.start == AuditStart::purged);
        // One entry more is gone than the retention says.
        rest.erase(rest.begin());
        CHECK(faults_in(verify(export_of(rest, head_of(links[3])))) == Faults{"5 0 unproven_start"});
    }
    SECTION("by the end of an export before") {
        const auto report = verify(export_of(rest, cut), {{"--after", cut, true}});
        CHECK(faults_in(report) == Faults{});
        CHECK(report.start == AuditStart::stated);
        CHECK(faults_in(verify(export_of(rest, cut), {{"--after", head_of(links[1]), true}}))[0] == "5 0 missing");
        CHECK(faults_in(verify(export_of(rest, cut), {{"--after", {3, sha256("other")}, true}}))[0] ==
              "5 0 contradicted");
    }
}

TEST_CASE("of a selection each entry is checked by itself, and that they are in order") {
    const auto links = chain(6);
    const std::vector<Link> some{links[1], links[2], links[5]};
    const auto report = verify(export_of(some, {}, "project=web"));
    CHECK(faults_in(report) == Faults{});
    CHECK(report.start == AuditStart::filtered);
    auto lines = lines_of(export_of(some, {}, "project=web"));
    std::swap(lines[1], lines[3]);
    CHECK_FALSE(verify(joined(lines)).faults.empty());
    lines = lines_of(export_of(some, {}, "project=web"));
    lines[2].replace(lines[2].find("\"x\""), 3, "\"y\"");
    CHECK(faults_in(verify(joined(lines)))[0] == "3 3 altered");
}

TEST_CASE("many faults are reported up to a bound") {
    auto lines = lines_of(export_of(chain(300)));
    for (std::size_t i = 1; i <= 300; ++i) lines[i].replace(lines[i].find("\"x\""), 3, "\"y\"");
    CHECK(verify(joined(lines)).faults.size() == most_audit_faults);
}

TEST_CASE("an entry of any size verifies, and an entry of a retention among many") {
    const AuditHead after{7, sha256("before")};
    auto links = chain(3, after);
    const auto add = [&links](const std::string& action, const std::string& state) {
        const auto head = head_of(links.back());
        Link link{canonical_of(head.seq + 1, action, state), head.seq + 1, head.hash, {}};
        link.hash = chain_hash(link.previous, link.canonical);
        links.push_back(std::move(link));
    };
    add("flag.created", '"' + std::string(5'000'000, 'x') + '"');
    add("audit.purged", R"({"through":7,"hash":")" + to_hex(after.hash) + "\"}");
    add("audit.purged", R"({"through":3,"hash":")" + to_hex(after.hash) + "\"}");
    const auto report = verify(export_of(links, after));
    CHECK(report.faults.empty());
    CHECK(report.start == AuditStart::purged);
}
