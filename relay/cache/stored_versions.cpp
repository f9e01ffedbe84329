#include "relay/cache/stored_versions.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "relay/cache/floor.hpp"

namespace fanion::relay::cache {
namespace {

std::string journal_name(wire::Version base) { return "journal " + wire::to_string(base); }

// Of the tips that journals lead to, those that are worth the time of trying them.
bool is_tried(const StoredChain& chain, const std::vector<wire::Version>& newest, std::optional<wire::Version> proven) {
    if (chain.deltas == 0 || chain.tip == proven) return true;
    return std::find(newest.begin(), newest.end(), chain.tip) != newest.end();
}

std::vector<wire::Version> newest_tips(const std::vector<StoredChain>& sorted) {
    std::vector<wire::Version> tips;
    for (const auto& chain : sorted) {
        if (tips.empty() || tips.back() != chain.tip) tips.push_back(chain.tip);
        if (tips.size() == SnapshotFiles::kept) break;
    }
    return tips;
}

bool is_tried_before(const StoredChain& a, const StoredChain& b) {
    return a.tip != b.tip ? a.tip > b.tip : a.snapshot > b.snapshot;
}

}  // namespace

bool is_missing(const SnapshotFiles& files, const StoredChain& chain) {
    return files.is_missing(chain.snapshot) ||
           std::any_of(chain.journals.begin(), chain.journals.end(),
                       [&](wire::Version base) { return files.is_journal_missing(base); });
}

StoredVersions::StoredVersions(const SnapshotFiles& files) : files_(files) {
    for (const auto base : files_.list_journals()) read_journal(base);
    const auto all = chains(std::nullopt);
    const auto tip = all.empty() ? wire::Version{} : all.front().tip;
    std::set<wire::Version> unreached;  // what is below the tip is of no use any more
    for (const auto& [base, delta] : deltas_) {
        if (base > tip) unreached.insert(delta.journal);
    }
    for (const auto base : unreached)
        problems_.push_back(journal_name(base) + " is ignored: no snapshot leads to its deltas");
}

void StoredVersions::read_journal(wire::Version base) {
    const auto bytes = files_.load_journal(base);
    if (!bytes) {
        problems_.push_back(journal_name(base) + ": " + bytes.error().detail);
        return;
    }
    auto journal = parse_journal(*bytes);
    if (journal.floor) floor_ = raised(floor_, *journal.floor);
    if (journal.skipped > 0)
        problems_.push_back(journal_name(base) + ": " + std::to_string(journal.skipped) + " bytes are torn or damaged");
    for (auto& record : journal.records) {
        const auto from = record.base;
        const auto at = deltas_.find(from);
        if (at != deltas_.end() && at->second.record.floor.version >= record.floor.version) continue;
        deltas_.insert_or_assign(from, Delta{std::move(record), base});
    }
}

const StoredVersions::Delta* StoredVersions::after(wire::Version version) const {
    const auto at = deltas_.find(version);
    return at == deltas_.end() ? nullptr : &at->second;
}

std::vector<StoredChain> StoredVersions::chains(std::optional<wire::Version> proven) const {
    std::vector<StoredChain> chains;
    for (const auto snapshot : files_.list()) {
        StoredChain chain;
        chain.snapshot = chain.tip = snapshot;
        chains.push_back(chain);
        for (const auto* next = after(chain.tip); next; next = after(chain.tip)) {
            chain.tip = next->record.floor.version;
            if (chain.journals.empty() || chain.journals.back() != next->journal)
                chain.journals.push_back(next->journal);
            ++chain.deltas;
            chain.bytes += next->record.head.size() + next->record.lines.size();
            chains.push_back(chain);
        }
    }
    std::sort(chains.begin(), chains.end(), is_tried_before);
    const auto newest = newest_tips(chains);
    std::erase_if(chains, [&](const StoredChain& chain) { return !is_tried(chain, newest, proven); });
    return chains;
}

Result<std::string> StoredVersions::load(const StoredChain& chain, std::size_t limit) const {
    auto snapshot = files_.load(chain.snapshot, limit);
    if (!snapshot) return snapshot.error();
    std::vector<const JournalRecord*> records;
    for (auto at = chain.snapshot; at != chain.tip; at = records.back()->floor.version)
        records.push_back(&after(at)->record);
    if (records.empty()) return std::move(*snapshot);
    return replay(*snapshot, records);
}

}  // namespace fanion::relay::cache
