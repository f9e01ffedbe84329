#include "common/service/profiling.hpp"

#include <dlfcn.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/file.hpp"
#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "common/net/task_group.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FANION_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FANION_HAS_SANITIZER 1
#endif
#endif

namespace fanion::service {

namespace asio = boost::asio;
using asio::awaitable;
using net::Request;
using net::Response;

namespace {

constexpr std::uint64_t default_seconds = 30;
constexpr std::uint64_t most_seconds = 300;
constexpr std::size_t most_profile_bytes = 256u * 1024 * 1024;

// The profiler is one for the whole process, whichever port or thread asks for it.
std::atomic<bool> is_profiling{false};

#ifdef FANION_HAS_SANITIZER
constexpr bool is_instrumented = true;
#else
constexpr bool is_instrumented = false;
#endif

// Functions of gperftools, whose declarations are <gperftools/profiler.h> and <gperftools/heap-profiler.h>.
struct CpuProfiler {
    int (*start)(const char* path) = nullptr;
    void (*stop)() = nullptr;

    static Result<CpuProfiler> load() {
        if (is_instrumented) return Error{Errc::unavailable, "a build with sanitizers cannot be profiled"};
        void* const library = ::dlopen("libprofiler.so.0", RTLD_NOW | RTLD_LOCAL);
        if (!library)
            return Error{Errc::unavailable, "libprofiler.so.0 is missing: install the package libgoogle-perftools4"};
        CpuProfiler profiler;
        profiler.start = reinterpret_cast<int (*)(const char*)>(::dlsym(library, "ProfilerStart"));
        profiler.stop = reinterpret_cast<void (*)()>(::dlsym(library, "ProfilerStop"));
        if (!profiler.start || !profiler.stop) return Error{Errc::unavailable, "libprofiler.so.0 is of another kind"};
        return profiler;
    }
};

// A profile that is being taken, into memory. Ends at the latest when it is destroyed.
class Profile {
public:
    static Result<std::shared_ptr<Profile>> begin() {
        if (is_profiling.exchange(true)) return Error{Errc::conflict, "a profile is being taken already"};
        auto profile = std::make_shared<Profile>();
        auto profiler = CpuProfiler::load();
        if (!profiler) return profiler.error();
        profile->file_ = UniqueFd(::memfd_create("fanion-profile", MFD_CLOEXEC));
        if (!profile->file_) return errno_error(Errc::internal, "memfd_create");
        const auto path = "/proc/self/fd/" + std::to_string(profile->file_.get());
        if (profiler->start(path.c_str()) == 0) return Error{Errc::unavailable, "the profiler does not start"};
        profile->stop_ = profiler->stop;
        return profile;
    }

    ~Profile() {
        stop();
        is_profiling = false;
    }

    Result<std::string> end() {
        stop();
        std::string bytes;
        if (!read_to_end(file_.get(), bytes, most_profile_bytes)) return errno_error(Errc::internal, "the profile");
        return bytes;
    }

private:
    void stop() {
        if (const auto call = std::exchange(stop_, nullptr)) call();
    }

    UniqueFd file_;
    void (*stop_)() = nullptr;
};

Response refused(const Error& error, Request& request) { return net::problem(error, request.request_id()); }

void refuse(Request& request, Response& response) {
    const Error error{Errc::forbidden, "profiling is not allowed: start the program with --allow-profiling"};
    response = refused(error, request);
}

Result<std::chrono::seconds> seconds_of(const Request& request) {
    const auto text = request.query("seconds");
    if (!text) return std::chrono::seconds(default_seconds);
    const auto seconds = parse_u64(*text);
    if (!seconds || *seconds < 1 || *seconds > most_seconds) {
        return Error{Errc::invalid_input,
                     "seconds must be a number from 1 to 300",
                     {{"", "?seconds", "out_of_range", "must be a number from 1 to 300"}}};
    }
    return std::chrono::seconds(*seconds);
}

awaitable<Response> handle_profile(Request& request, net::BlockingPool& pool) {
    const auto seconds = seconds_of(request);
    if (!seconds) co_return refused(seconds.error(), request);
    const std::function<Result<std::shared_ptr<Profile>>()> begin = [] { return Profile::begin(); };
    auto beginning = pool.compute(begin);
    auto profile = co_await std::move(beginning);
    if (!profile) co_return refused(profile.error(), request);
    co_await net::sleep_for(*seconds);
    const std::function<Result<std::string>()> end = [held = *profile] { return held->end(); };
    auto ending = pool.compute(end);
    auto bytes = co_await std::move(ending);
    if (!bytes) co_return refused(bytes.error(), request);
    Response response;
    response.content_type = "application/octet-stream";
    response.body = std::move(*bytes);
    response.set("Content-Disposition", "attachment; filename=\"profile\"");
    co_return response;
}

// Of a process that runs with LD_PRELOAD=libtcmalloc.so.4 and HEAPPROFILE.
std::string tcmalloc_profile() {
    const auto is_running = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "IsHeapProfilerRunning"));
    const auto profile = reinterpret_cast<char* (*)()>(::dlsym(RTLD_DEFAULT, "GetHeapProfile"));
    if (!is_running || !profile || is_running() == 0) return {};
    const std::unique_ptr<char, decltype(&std::free)> text(profile(), &std::free);
    return text ? std::string(text.get()) : std::string();
}

std::uint64_t resident_bytes() {
    const auto text = read_file("/proc/self/statm", 4096);
    const auto fields = text ? split(*text, ' ') : std::vector<std::string_view>();
    const auto pages = fields.size() > 1 ? parse_u64(fields[1]) : std::nullopt;
    return pages.value_or(0) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void write_c_library(std::string& body) {
    const auto info = ::mallinfo2();
    json::Writer w(body);
    w.begin_object().member("allocator", "C library").member("resident_bytes", resident_bytes());
    w.member("used_bytes", std::uint64_t{info.uordblks + info.hblkhd})
        .member("free_bytes", std::uint64_t{info.fordblks});
    w.member("mapped_bytes", std::uint64_t{info.hblkhd}).member("mapped_blocks", std::uint64_t{info.hblks});
    w.member("trimmable_bytes", std::uint64_t{info.keepcost}).end_object();
}

Response handle_heap() {
    Response response;
    response.body = tcmalloc_profile();
    response.content_type = "text/plain; charset=utf-8";
    if (!response.body.empty()) return response;
    response.content_type = "application/json";
    write_c_library(response.body);
    return response;
}

}  // namespace

void describe_profiling(config::Options& options, bool& allow) {
    options.group("Profiling");
    options.add("allow-profiling", "serve /debug/profile and /debug/heap on the operators' port").flag(allow);
}

void add_profiling_routes(net::Router& router, bool allow, net::BlockingPool& pool) {
    if (!allow) {
        router.sync(net::Method::get, "/debug/profile", refuse);
        router.sync(net::Method::get, "/debug/heap", refuse);
        return;
    }
    router.async(net::Method::get, "/debug/profile",
                 [&pool](Request& request) { return handle_profile(request, pool); });
    router.sync(net::Method::get, "/debug/heap", [](Request&, Response& response) { response = handle_heap(); });
}

}  // namespace fanion::service
