#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <thread>

#include "common/base/signal_stack.hpp"
#include "common/net/server.hpp"

namespace fanion::net {

namespace asio = boost::asio;

struct Workers::Impl {
    struct Worker {
        asio::io_context context{1};  // one thread runs it
        asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    };
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<std::thread> threads;
};

Workers::Workers(unsigned threads) : impl_(std::make_unique<Impl>()) {
    for (unsigned i = 0; i < threads; ++i) impl_->workers.push_back(std::make_unique<Impl::Worker>());
}

Workers::~Workers() = default;

unsigned Workers::size() const noexcept { return static_cast<unsigned>(impl_->workers.size()); }

asio::io_context& Workers::context(unsigned worker) noexcept { return impl_->workers[worker]->context; }

void Workers::start() {
    for (unsigned i = 0; i < size(); ++i) {
        auto& thread = impl_->threads.emplace_back([this, i] {
            use_signal_stack();
            context(i).run();
        });
        const auto name = "worker-" + std::to_string(i);
        ::pthread_setname_np(thread.native_handle(), name.substr(0, 15).c_str());
    }
}

void Workers::stop() {
    for (auto& worker : impl_->workers) worker->context.stop();
}

void Workers::join() {
    for (auto& thread : impl_->threads) {
        if (thread.joinable()) thread.join();
    }
}

}  // namespace fanion::net
