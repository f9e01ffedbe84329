#pragma once

// What a process spends its time and its memory on, for operators: /debug/profile and /debug/heap
// on the operators' port (docs/tracing.md, Profiling). gperftools is loaded when a profile is first
// asked for, so a process that is not profiled has nothing of it.

#include <boost/asio/any_io_executor.hpp>

#include "common/base/log.hpp"
#include "common/config/option.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/router.hpp"

namespace fanion::service {

void describe_profiling(config::Options& options, bool& allow);

// GET /debug/profile?seconds=N answers N seconds later with a CPU profile that `pprof` reads; one
// at a time in a process. GET /debug/heap answers with a heap profile if the process runs with
// tcmalloc and HEAPPROFILE, else with what the C library says of its memory, in JSON. Both are
// refused with 403 unless `allow`. `pool` outlives the router.
void add_profiling_routes(net::Router& router, bool allow, net::BlockingPool& pool);

}  // namespace fanion::service
