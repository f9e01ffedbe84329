#pragma once

// An export of an audit log as lines of JSON, and its offline check (docs/audit.md). Pure; not
// thread-safe.
//
// The first line says whose log it is and what it follows, each further line is an entry with its
// canonical bytes as they were hashed, and the last line names the end and the SHA-256 of all bytes
// before it:
//
//     {"fanion_audit":1,"org":"acme","org_id":"o_1","exported_at":1763720000000,"after":{"seq":0,"hash":"00.."}}
//     {"entry":{"org_id":"o_1","seq":1,..},"previous":"00..","hash":"9f.."}
//     {"entries":1,"head":{"seq":1,"hash":"9f.."},"sha256":"e3.."}
//
// There is one way to write each line, so that a check can compare bytes.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/audit_chain.hpp"

namespace fanion::wire {

struct AuditExportHeader {
    std::string org;
    std::string org_id;
    UnixMillis exported_at = 0;
    AuditHead after;     // the entry before the first one; seq 0: nothing was before
    std::string filter;  // how entries were selected, as a query; empty: all of them
};

class AuditExportWriter {
public:
    // Each function appends one line to `out`.
    void begin(std::string& out, const AuditExportHeader& header);
    void add(std::string& out, std::string_view canonical, std::uint64_t seq, const Sha256& previous,
             const Sha256& hash);
    void end(std::string& out);

private:
    std::string& noted(std::string& out, std::size_t from);

    Sha256Stream bytes_;
    std::uint64_t entries_ = 0;
    AuditHead head_;
};

// What is wrong with an export, and where.
struct AuditFault {
    std::uint64_t line = 0;  // from 1
    std::uint64_t seq = 0;   // of the entry; 0: none
    std::string code;
    std::string detail;
};

// A statement about the log from elsewhere: that the entry `head.seq` has the hash `head.hash`.
struct AuditStatement {
    std::string source;  // "ruleset 1763719200.4711 of acme/web/production"
    AuditHead head;
    bool is_start = false;  // the export is known to continue after this entry
};

// What proves that nothing is missing before the first entry.
enum class AuditStart {
    first,     // it is the first entry of the log
    purged,    // an entry `audit.purged` of the export names the last entry that was deleted
    stated,    // a statement names the entry before
    unproven,  // nothing
    filtered,  // the export is a selection, which proves nothing about what it leaves out
};
std::string_view name_of(AuditStart start) noexcept;

struct AuditReport {
    AuditExportHeader header;
    std::uint64_t entries = 0;
    AuditHead first;
    AuditHead last;
    AuditStart start = AuditStart::unproven;
    std::uint64_t statements_met = 0;  // statements about entries of the export, all of which hold if there is no fault
    std::vector<AuditFault> faults;    // in the order of their lines; at most most_audit_faults
};
inline constexpr std::size_t most_audit_faults = 100;

// Checks an export line by line. After a fault it goes on with what the faulty line says, so that
// one change is reported once or twice, at its place.
class AuditVerifier {
public:
    explicit AuditVerifier(std::vector<AuditStatement> statements = {});

    // A line without its line feed, in order; `has_line_feed` is false for a last line that has
    // none.
    void feed(std::string_view line, bool has_line_feed = true);
    // After the last line.
    AuditReport finish();

private:
    enum class Expecting { header, entries, nothing };

    void fault(std::string code, std::string detail, std::uint64_t seq = 0);
    void feed_header(std::string_view line);
    void feed_entry(std::string_view line);
    void feed_trailer(std::string_view line);
    void check_place(const AuditFacts& facts, const Sha256& previous);
    void check_statements();
    void check_start();

    AuditReport report_;
    std::vector<AuditStatement> statements_;
    std::vector<bool> is_met_;
    bool is_start_purged_ = false;  // an entry `audit.purged` names the entry before the first one
    Expecting expecting_ = Expecting::header;
    Sha256Stream bytes_;
    std::uint64_t line_ = 0;
    bool lacks_line_feed_ = false;
};

}  // namespace fanion::wire
