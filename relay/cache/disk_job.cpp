#include "relay/cache/disk_job.hpp"

#include <algorithm>

namespace fanion::relay::cache {
namespace {

constexpr std::size_t least_journal_bytes = 64 * 1024;
constexpr std::size_t most_bytes_of_all = 1024 * 1024;
static_assert(most_bytes_of_all <= SnapshotFiles::largest_journal);

std::string format_records(const std::vector<JournalRecordPtr>& deltas) {
    std::string text;
    for (const auto& delta : deltas) append_record(text, *delta);
    return text;
}

}  // namespace

std::size_t most_journal_bytes(const EnvironmentState& state) {
    return std::clamp(state.items->bytes(), least_journal_bytes, most_bytes_of_all);
}

// A floor above the tip: something newer was accepted once, and a journal of that name may say so.
bool DiskJob::is_continued() const {
    if (!chain || deltas.empty() || !floor || floor->version != chain->tip) return false;
    return deltas.front()->base == chain->tip && deltas.back()->floor.version == candidate.state->version &&
           chain->deltas + deltas.size() <= most_deltas && !files->is_missing(chain->snapshot);
}

// False: nothing of it counts, and the whole has to be written. A full disk may have room for it where old files go.
bool DiskJob::append() {
    if (!is_continued()) return false;
    const auto records = format_records(deltas);
    if (chain->bytes + records.size() > most_journal_bytes(*candidate.state)) return false;
    const auto name = chain->open_bytes > 0 ? chain->journals.back() : chain->tip;
    if (!files->append_to_journal(name, chain->open_bytes, records)) return false;
    if (chain->open_bytes == 0) chain->journals.push_back(name);
    chain->tip = candidate.state->version;
    chain->deltas += deltas.size();
    chain->bytes += records.size();
    chain->open_bytes += records.size();
    return true;
}

Result<> DiskJob::write_whole() {
    is_whole = true;
    chain.reset();
    const auto& state = *candidate.state;
    if (auto saved = files->save(state.version, snapshot_bytes(candidate)); !saved) return saved;
    if (auto saved = save_floor(files->directory(), raised(floor, floor_of(state))); !saved) return saved;
    chain.emplace();
    chain->snapshot = chain->tip = state.version;
    return {};
}

Result<> DiskJob::run() {
    if (!append()) {
        if (auto written = write_whole(); !written) return written;
    }
    if (!record_dirty) return {};
    return save_probation(files->directory(), probation);
}

}  // namespace fanion::relay::cache
