#include "relay/cache/disk_job.hpp"

namespace fanion::relay::cache {

Result<> DiskJob::run() const {
    const auto& state = *candidate.state;
    if (auto saved = files->save(state.version, snapshot_bytes(candidate)); !saved) return saved;
    if (auto saved = save_floor(files->directory(), raised(floor, floor_of(state))); !saved) return saved;
    if (!record_dirty) return {};
    return save_probation(files->directory(), probation);
}

}  // namespace fanion::relay::cache
