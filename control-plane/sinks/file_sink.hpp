#pragma once

// Lines in files: DIRECTORY/<org_id>/<env_id>/<day>.ndjson, by the day (UTC) on which a batch came.
//
// 1. A file grows by whole batches and ends with a whole line whenever nobody writes to it; what a
//    crash in the middle of a write left of a line is cut off before the next one.
// 2. write() returns when the lines survive a power cut.
// 3. What was written of batches that failed is taken back, if it can be; a crash may repeat
//    batches.
// 4. Several processes may share the directory: an flock(2) of the file excludes the others.
//
// One thread. Blocks.

#include <filesystem>
#include <string>

#include "control-plane/sinks/sink.hpp"

namespace fanion::cp::sinks {

inline const std::string file_sink_name = "files";

class FileSink : public EventSink {
public:
    // Creates the directory. Error: internal.
    static Result<std::unique_ptr<EventSink>> open(std::filesystem::path directory);
    explicit FileSink(std::filesystem::path directory) : directory_(std::move(directory)) {}

    const std::string& name() const noexcept override { return file_sink_name; }
    Result<std::uint64_t> write(const std::vector<SinkBatch>& batches) override;

private:
    std::filesystem::path directory_;
};

}  // namespace fanion::cp::sinks
