// What it costs a relay to count an evaluation: the difference between two runs of this program under callgrind.
//
//     count_loop counted|plain N [sealed]
//
// Evaluates one flag N times as a request does (`counted`), or without the counts (`plain`), on a thread of its own, and prints how
// many mutexes that thread has locked. `sealed`: after a first evaluation the thread is under seccomp's strict mode, in which any
// system call but read, write and exit ends it; the exit status says whether it came to its end.

#include <dlfcn.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <iostream>
#include <thread>

#include "bench/serving_worker.hpp"
#include "common/base/text.hpp"
#include "relay/serve/counted_evaluation.hpp"

using namespace fanion;

namespace {

thread_local std::uint64_t locks = 0;

// relay::serve::evaluate_for() without the counts.
[[gnu::noinline]] eval::Evaluation evaluate_only(const relay::serve::Caller& caller, std::size_t flag_index,
                                                 json::Value context, UnixMillis now) {
    return eval::evaluate(*caller.environment->ruleset, flag_index, context, now);
}

struct Loop {
    bool is_counted = false;
    bool is_sealed = false;
    std::uint64_t times = 0;
    std::uint64_t locked = 0;
    bool is_complete = false;

    void run() {
        bench::Serving serving(10);
        json::Document document;
        if (!document.parse(bench::context_json)) return;
        const auto* environment = serving.services.serving.get()->find_environment("e_bench");
        const relay::serve::Caller caller{environment, &environment->ruleset->access().front()};
        const auto once = evaluate(serving, caller, document.root(), 1);
        if (is_sealed && prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) return;
        const auto before = locks;
        const auto sum = evaluate(serving, caller, document.root(), times);
        locked = locks - before;
        is_complete = sum == times * once;
        if (is_sealed) syscall(SYS_exit, 0);  // nothing else may be done here any more
    }

    std::uint64_t evaluate(bench::Serving& serving, const relay::serve::Caller& caller, json::Value context,
                           std::uint64_t rounds) const {
        constexpr UnixMillis now = 1'763'720'000'000;
        const auto index = caller.environment->ruleset->find_flag(bench::flag_key(5));
        std::uint64_t sum = 0;
        for (std::uint64_t i = 0; i < rounds; ++i) {
            const auto evaluation = is_counted
                                        ? relay::serve::evaluate_for(serving.services, caller, index, context, now)
                                        : evaluate_only(caller, index, context, now);
            sum += evaluation.version;
        }
        return sum;
    }
};

}  // namespace

// Before the C library's, through which std::mutex locks.
extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    static const auto next = reinterpret_cast<int (*)(pthread_mutex_t*)>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    ++locks;
    return next(mutex);
}

int main(int argc, char** argv) {
    const std::string_view manner = argc < 3 ? "" : argv[1];
    const auto times = argc < 3 ? std::nullopt : parse_u64(argv[2]);
    const bool is_sealed = argc == 4 && argv[3] == std::string_view("sealed");
    if (!times || (manner != "counted" && manner != "plain") || argc != (is_sealed ? 4 : 3)) {
        std::cerr << "usage: count_loop counted|plain N [sealed]\n";
        return 2;
    }
    Loop loop{manner == "counted", is_sealed, *times};
    std::thread([&loop] { loop.run(); }).join();
    std::cout << loop.locked << "\n";
    return loop.is_complete ? 0 : 1;
}
