#include "common/wire/audit_export.hpp"

#include <algorithm>
#include <utility>

#include "common/json/writer.hpp"
#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

constexpr std::size_t frame_line_bytes = 64 * 1024;  // of the first and the last line
constexpr std::string_view entry_begin = "{\"entry\":";
constexpr std::string_view previous_begin = ",\"previous\":\"";
constexpr std::string_view hash_begin = "\",\"hash\":\"";
constexpr std::string_view entry_end = "\"}";
constexpr std::size_t hex_digits = 64;
constexpr std::size_t entry_tail =
    previous_begin.size() + hex_digits + hash_begin.size() + hex_digits + entry_end.size();

void write_head(json::Writer& w, std::string_view name, const AuditHead& head) {
    w.key(name).begin_object().member("seq", head.seq).member("hash", to_hex(head.hash)).end_object();
}

AuditHead read_head(json::Reader& r, std::string_view name, std::int64_t low) {
    auto head = r.object(name);
    AuditHead read;
    read.seq = static_cast<std::uint64_t>(head.integer("seq", low, largest_integer));
    const auto hash = sha256_from_hex(head.string("hash"));
    if (!hash) r.fail_at(name, "malformed", "must have a hash of 64 lower-case hexadecimal digits");
    read.hash = hash.value_or(Sha256{});
    return read;
}

std::string header_line(const AuditExportHeader& header) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("fanion_audit", 1).member("org", header.org).member("org_id", header.org_id);
    w.member("exported_at", header.exported_at);
    write_head(w, "after", header.after);
    if (!header.filter.empty()) w.member("filter", header.filter);
    w.end_object();
    return out;
}

struct Trailer {
    std::uint64_t entries = 0;
    AuditHead head;
    std::string sha256;
};

std::string trailer_line(const Trailer& trailer) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("entries", trailer.entries);
    write_head(w, "head", trailer.head);
    w.member("sha256", trailer.sha256).end_object();
    return out;
}

Result<AuditExportHeader> read_header(std::string_view line) {
    return read_json(line, frame_line_bytes, "the first line", [](json::Reader& r) {
        AuditExportHeader header;
        r.integer("fanion_audit", 1, 1);
        header.org = r.string("org");
        header.org_id = r.string("org_id");
        header.exported_at = r.integer("exported_at", 0, latest_time);
        header.after = read_head(r, "after", 0);
        header.filter = r.string("filter", "");
        return header;
    });
}

Result<Trailer> read_trailer(std::string_view line) {
    return read_json(line, frame_line_bytes, "the last line", [](json::Reader& r) {
        Trailer trailer;
        trailer.entries = static_cast<std::uint64_t>(r.integer("entries", 0, largest_integer));
        trailer.head = read_head(r, "head", 0);
        trailer.sha256 = r.string("sha256");
        return trailer;
    });
}

// A line of an entry, cut at its fixed places.
struct EntryLine {
    std::string_view canonical;
    Sha256 previous{};
    Sha256 hash{};
};

std::optional<EntryLine> cut_entry(std::string_view line) {
    if (!line.starts_with(entry_begin) || line.size() < entry_begin.size() + entry_tail) return std::nullopt;
    auto tail = line.substr(line.size() - entry_tail);
    const auto take = [&tail](std::string_view expected) {
        if (!tail.starts_with(expected)) return false;
        tail.remove_prefix(expected.size());
        return true;
    };
    if (!take(previous_begin)) return std::nullopt;
    const auto previous = sha256_from_hex(tail.substr(0, hex_digits));
    tail.remove_prefix(hex_digits);
    if (!take(hash_begin)) return std::nullopt;
    const auto hash = sha256_from_hex(tail.substr(0, hex_digits));
    tail.remove_prefix(hex_digits);
    if (tail != entry_end || !previous || !hash) return std::nullopt;
    // sha256_from_hex() may take either case; what was written is lower case.
    const auto hex = line.substr(line.size() - entry_tail);
    if (std::any_of(hex.begin(), hex.end(), [](char c) { return c >= 'A' && c <= 'F'; })) return std::nullopt;
    const auto begin = entry_begin.size();
    return EntryLine{line.substr(begin, line.size() - entry_tail - begin), *previous, *hash};
}

std::string number(std::uint64_t n) { return std::to_string(n); }

std::string entries_text(std::uint64_t first, std::uint64_t last) {
    if (first == last) return "entry " + number(first) + " is";
    return "entries " + number(first) + " to " + number(last) + " are";
}

}  // namespace

std::string_view name_of(AuditStart start) noexcept {
    switch (start) {
        case AuditStart::first:
            return "first";
        case AuditStart::purged:
            return "purged";
        case AuditStart::stated:
            return "stated";
        case AuditStart::unproven:
            return "unproven";
        case AuditStart::filtered:
            return "filtered";
    }
    return "unproven";
}

// Includes what was appended after `from` in the hash of all bytes.
std::string& AuditExportWriter::noted(std::string& out, std::size_t from) {
    out += '\n';
    bytes_.update(std::string_view(out).substr(from));
    return out;
}

void AuditExportWriter::begin(std::string& out, const AuditExportHeader& header) {
    const auto from = out.size();
    out += header_line(header);
    noted(out, from);
    head_ = header.after;
}

void AuditExportWriter::add(std::string& out, std::string_view canonical, std::uint64_t seq, const Sha256& previous,
                            const Sha256& hash) {
    const auto from = out.size();
    out.append(entry_begin).append(canonical).append(previous_begin).append(to_hex(previous));
    out.append(hash_begin).append(to_hex(hash)).append(entry_end);
    noted(out, from);
    head_ = {seq, hash};
    ++entries_;
}

void AuditExportWriter::end(std::string& out) {
    out += trailer_line({entries_, head_, to_hex(bytes_.finish())});
    out += '\n';
}

AuditVerifier::AuditVerifier(std::vector<AuditStatement> statements)
    : statements_(std::move(statements)), is_met_(statements_.size(), false) {}

void AuditVerifier::fault(std::string code, std::string detail, std::uint64_t seq) {
    if (report_.faults.size() < most_audit_faults)
        report_.faults.push_back({line_, seq, std::move(code), std::move(detail)});
}

void AuditVerifier::feed(std::string_view line, bool has_line_feed) {
    ++line_;
    lacks_line_feed_ = !has_line_feed;
    if (expecting_ == Expecting::header) return feed_header(line);
    if (expecting_ == Expecting::nothing)
        return fault("after_end", "there is more after the line that ends the export");
    if (line.starts_with("{\"entries\":")) return feed_trailer(line);
    feed_entry(line);
    bytes_.update(line);
    bytes_.update("\n");
}

void AuditVerifier::feed_header(std::string_view line) {
    expecting_ = Expecting::entries;
    bytes_.update(line);
    bytes_.update("\n");
    auto header = read_header(line);
    if (!header) return fault("malformed", describe(header.error()));
    if (header_line(*header) != line) fault("malformed", "the first line is not written as an export writes it");
    if (header->after.seq == 0 && header->after.hash != Sha256{})
        fault("malformed", "nothing is before the first entry of a log, and its previous hash is zero");
    report_.header = std::move(*header);
    report_.last = report_.header.after;
}

// Where the entry stands among the others.
void AuditVerifier::check_place(const AuditFacts& facts, const Sha256& previous) {
    const auto& last = report_.last;
    const bool is_selection = !report_.header.filter.empty();
    if (facts.seq <= last.seq)
        return fault("out_of_order",
                     "entry " + number(facts.seq) + " stands after entry " + number(last.seq) +
                         ": it was moved or inserted, or those between are repeated",
                     facts.seq);
    if (facts.seq > last.seq + 1) {
        if (!is_selection)
            fault("missing", entries_text(last.seq + 1, facts.seq - 1) + " missing before this one", facts.seq);
        return;
    }
    const bool is_first_of_selection = is_selection && report_.entries == 0;
    if (previous != last.hash && !is_first_of_selection)
        fault("does_not_follow", "its previous hash is not that of entry " + number(last.seq), facts.seq);
}

void AuditVerifier::feed_entry(std::string_view line) {
    const auto entry = cut_entry(line);
    if (!entry) return fault("malformed", "this is not a line of an entry as an export writes it");
    auto facts = read_audit_facts(entry->canonical);
    const auto seq = facts ? facts->seq : report_.last.seq + 1;
    if (chain_hash(entry->previous, entry->canonical) != entry->hash)
        fault("altered", "the entry, its previous hash or its hash was changed", seq);
    if (!facts) {
        fault("malformed", describe(facts.error()), seq);
        facts = AuditFacts{report_.header.org_id, seq, {}, 0, {}, {}};
    }
    if (facts->org_id != report_.header.org_id)
        fault("foreign", "the entry is of another organisation than the export", seq);
    check_place(*facts, entry->previous);
    report_.last = {seq, entry->hash};
    if (report_.entries++ == 0) report_.first = report_.last;
    if (facts->purged == report_.header.after) is_start_purged_ = true;
    check_statements();
}

void AuditVerifier::check_statements() {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
        if (statements_[i].head.seq != report_.last.seq || is_met_[i]) continue;
        is_met_[i] = true;
        ++report_.statements_met;
        if (statements_[i].head.hash != report_.last.hash)
            fault("contradicted", statements_[i].source + " names another hash of this entry", report_.last.seq);
    }
}

void AuditVerifier::feed_trailer(std::string_view line) {
    expecting_ = Expecting::nothing;
    const auto trailer = read_trailer(line);
    if (!trailer) return fault("malformed", describe(trailer.error()));
    if (trailer_line(*trailer) != line) fault("malformed", "the last line is not written as an export writes it");
    if (trailer->head.seq > report_.last.seq)
        fault("missing",
              "entries up to " + number(trailer->head.seq) + " are missing after entry " + number(report_.last.seq));
    else if (trailer->head != report_.last)
        fault("wrong_end", "the export ends with another entry than its last line names");
    if (trailer->entries != report_.entries)
        fault("wrong_count", "there are " + number(report_.entries) + " entries, not " + number(trailer->entries));
    // Every entry is checked by its own hash: what is left is the first line.
    const bool is_same = trailer->sha256 == to_hex(bytes_.finish());
    if (is_same || !report_.faults.empty()) return;
    fault("altered", "the first line or the sha256 of the last one was changed");
    report_.faults.back().line = 1;
}

// Whether something outside of the first entry vouches for what it follows.
void AuditVerifier::check_start() {
    const auto& after = report_.header.after;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
        const auto& [source, head, is_start] = statements_[i];
        if (head.seq == after.seq && !is_met_[i]) {
            is_met_[i] = true;
            ++report_.statements_met;
            if (head.hash != after.hash)
                fault("contradicted", source + " names another hash of the entry before the first one");
            else
                report_.start = AuditStart::stated;
        } else if (is_start && head.seq < after.seq) {
            fault("missing", entries_text(head.seq + 1, after.seq) + " missing before the first one");
        }
    }
    if (!report_.header.filter.empty())
        report_.start = AuditStart::filtered;
    else if (after.seq == 0)
        report_.start = AuditStart::first;
    else if (is_start_purged_)
        report_.start = AuditStart::purged;
    if (report_.start == AuditStart::unproven && report_.faults.empty())
        fault("unproven_start", "the export begins after entry " + number(after.seq) +
                                    ", and nothing proves that the entries before were deleted by the retention");
}

AuditReport AuditVerifier::finish() {
    if (expecting_ == Expecting::header) {
        fault("malformed", "there is no first line");
    } else if (expecting_ == Expecting::entries) {
        fault("truncated", "the line that ends an export is missing after entry " + number(report_.last.seq));
    } else if (lacks_line_feed_) {
        fault("truncated", "the last line has no line feed");
    }
    check_start();
    const bool is_whole = report_.header.filter.empty();
    for (std::size_t i = 0; i < statements_.size(); ++i) {
        if (!is_whole || is_met_[i] || statements_[i].head.seq <= report_.last.seq) continue;
        fault("missing", statements_[i].source + " names entry " + number(statements_[i].head.seq) +
                             ", but the export ends with entry " + number(report_.last.seq));
    }
    return std::move(report_);
}

}  // namespace fanion::wire
