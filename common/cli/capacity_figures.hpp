#pragma once

// What was measured, and what `fanion capacity` computes with. Each figure stands in
// docs/benchmarks.md; `source` is the beginning of its row there, and `text` the figure as it is
// written in that row. tests/integration/cli/capacity_test.py holds the two together.

#include <array>

namespace fanion::cli {

struct Figure {
    const char* name;    // member of --json
    double value;        // in `unit`
    const char* unit;    // of `value`
    const char* text;    // in the row
    const char* source;  // beginning of the row
};

namespace figures {

// A relay, on one core.
inline constexpr Figure evaluations{"evaluations", 32'689, "requests/s of a core", "32,689/s",
                                    "OFREP single, one thread, 32 connections"};
inline constexpr Figure tls_cost{"tls_cost", 33, "% fewer over TLS", "33% less",
                                 "OFREP single over TLS, connections kept"};
inline constexpr Figure exposure_requests{"exposure_requests", 5'060, "requests with 100 exposures/s of a core",
                                          "5,060/s", "requests with 100 exposures"};
inline constexpr Figure stream_memory{"stream_memory", 6.0, "KiB of a stream", "6.0 KiB",
                                      "10,000 streams: resident memory of each"};
inline constexpr Figure tls_stream_memory{"tls_stream_memory", 20.2, "KiB of a stream over TLS", "20.2 KiB",
                                          "10,000 streams over TLS: resident memory of each"};
inline constexpr Figure fan_out{"fan_out", 228, "ms until 10,000 streams have a change", "228 ms",
                                "10,000 streams: a change reaches 99 %"};
inline constexpr Figure rest_memory{"rest_memory", 14.0, "MiB of a relay at rest", "14.0 MiB", "relay at rest"};
inline constexpr Figure compiled{"compiled", 3.83, "times a ruleset's bytes", "3.83 times",
                                 "heap that the compiled form holds"};
inline constexpr Figure delta{"delta", 26, "ms to apply a delta to 10,000 flags", "26 ms",
                              "delta of one flag among 10,000 (4.9 MB)"};

// The control plane, with its PostgreSQL on the same two cores.
inline constexpr Figure batches{"batches", 571, "batches of 200 counts/s", "571 a second",
                                "event batches of 200 counts"};
inline constexpr Figure units{"units", 142'750, "exposures/s", "142,750 a second", "exposures in batches of 1,000"};
inline constexpr Figure relay_streams{"relay_streams", 0.03, "s until 1,000 relays have a change", "0.03 s",
                                      "a change reaches 1,000 relays"};
inline constexpr Figure flag_write{"flag_write", 4.4, "ms of a change of a flag", "4.4 ms", "flag write, 1,000 flags"};

// PostgreSQL: tables with their indexes, and the write-ahead log.
inline constexpr Figure count_bytes{"count_bytes", 429, "bytes of a count", "429 bytes", "a count:"};
inline constexpr Figure count_log{"count_log", 678, "bytes of log", "678 bytes", "a count:"};
inline constexpr Figure addition_log{"addition_log", 150, "bytes of log", "150 bytes", "an addition to a count"};
inline constexpr Figure batch_bytes{"batch_bytes", 355, "bytes of a batch", "355 bytes", "a batch of a relay"};
inline constexpr Figure exposure_bytes{"exposure_bytes", 181, "bytes of an exposure", "181 bytes",
                                       "an exposure with one attribute"};
inline constexpr Figure exposure_log{"exposure_log", 338, "bytes of log", "338 bytes",
                                     "an exposure with one attribute"};
inline constexpr Figure metric_bytes{"metric_bytes", 166, "bytes of a metric event", "166 bytes", "a metric event"};
inline constexpr Figure metric_log{"metric_log", 318, "bytes of log", "318 bytes", "a metric event"};
inline constexpr Figure change_bytes{"change_bytes", 6'914, "bytes of a change", "6,914 bytes", "a change of a flag:"};
inline constexpr Figure change_log{"change_log", 10'570, "bytes of log", "10,570 bytes", "a change of a flag:"};

inline constexpr std::array all{evaluations,  tls_cost,      exposure_requests, stream_memory, tls_stream_memory,
                                fan_out,      rest_memory,   compiled,          delta,         batches,
                                units,        relay_streams, flag_write,        count_bytes,   count_log,
                                addition_log, batch_bytes,   exposure_bytes,    exposure_log,  metric_bytes,
                                metric_log,   change_bytes,  change_log};

}  // namespace figures

}  // namespace fanion::cli
