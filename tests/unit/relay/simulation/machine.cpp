#include "tests/unit/relay/simulation/machine.hpp"

#include <openssl/evp.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <string>
#include <unordered_map>

#include "common/base/crypto.hpp"
#include "common/net/blocking_pool.hpp"
#include "tests/unit/relay/simulation/faults.hpp"

namespace fanion::test {
namespace {

Machine* present_machine = nullptr;

// The key with which a context was last prepared: OpenSSL's own is not asked.
std::unordered_map<EVP_MD_CTX*, std::string>& prepared_keys() {
    static std::unordered_map<EVP_MD_CTX*, std::string> all;
    return all;
}

void prepare(EVP_MD_CTX* context, EVP_PKEY* key) {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size);
    prepared_keys()[context] = std::move(raw);
}

std::string signature_of(EVP_MD_CTX* context, const unsigned char* message, std::size_t size) {
    if (planted() == Plant::signature_covers_little) size = std::min<std::size_t>(size, 60);
    auto text = std::move(prepared_keys()[context]);
    prepared_keys().erase(context);
    text.append(reinterpret_cast<const char*>(message), size);
    const auto hash = sha256(text);
    return std::string(as_view(hash)) + std::string(as_view(hash));
}

}  // namespace

Machine::Machine(std::uint64_t seed) : random_(seed) { present_machine = this; }
Machine::~Machine() { present_machine = nullptr; }

}  // namespace fanion::test

namespace fanion::net {

boost::asio::awaitable<void> BlockingPool::run(std::function<void()> work) {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    work();
}

boost::asio::awaitable<bool> BlockingPool::run_for(std::function<void()> work, std::chrono::milliseconds) {
    co_await run(std::move(work));
    co_return true;
}

}  // namespace fanion::net

extern "C" {

int clock_gettime(clockid_t id, timespec* into) noexcept {
    const auto* machine = fanion::test::present_machine;
    if (!machine || id != CLOCK_MONOTONIC) return static_cast<int>(::syscall(SYS_clock_gettime, id, into));
    into->tv_sec = static_cast<time_t>(1'000 + machine->elapsed() / 1'000);
    into->tv_nsec = static_cast<long>(machine->elapsed() % 1'000 * 1'000'000);
    return 0;
}

// Without it asio looks at the steady clock instead.
int timerfd_create(int, int) noexcept {
    errno = ENOSYS;
    return -1;
}

int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    if (fanion::test::present_machine) return 0;
    return static_cast<int>(::syscall(SYS_epoll_pwait, fd, events, most, timeout, nullptr, 0));
}

int epoll_ctl(int fd, int operation, int of, epoll_event* event) noexcept {
    if (fanion::test::present_machine) return 0;
    return static_cast<int>(::syscall(SYS_epoll_ctl, fd, operation, of, event));
}

int malloc_trim(size_t) noexcept { return 0; }

int RAND_bytes(unsigned char* into, int count) {
    static std::mt19937_64 other;
    auto& random = fanion::test::present_machine ? fanion::test::present_machine->random() : other;
    for (int i = 0; i < count; ++i) into[i] = static_cast<unsigned char>(random());
    return 1;
}

int EVP_DigestSignInit(EVP_MD_CTX* context, EVP_PKEY_CTX**, const EVP_MD*, ENGINE*, EVP_PKEY* key) {
    fanion::test::prepare(context, key);
    return 1;
}

int EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, size_t* size, const unsigned char* message,
                   size_t message_size) {
    const auto made = fanion::test::signature_of(context, message, message_size);
    std::memcpy(signature, made.data(), made.size());
    *size = made.size();
    return 1;
}

int EVP_DigestVerifyInit(EVP_MD_CTX* context, EVP_PKEY_CTX**, const EVP_MD*, ENGINE*, EVP_PKEY* key) {
    fanion::test::prepare(context, key);
    return 1;
}

int EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, size_t size, const unsigned char* message,
                     size_t message_size) {
    const auto made = fanion::test::signature_of(context, message, message_size);
    if (fanion::test::planted() == fanion::test::Plant::signature_not_checked) return 1;
    return size == made.size() && std::memcmp(signature, made.data(), size) == 0 ? 1 : 0;
}
}

// std::random_device::operator() and std::thread::hardware_concurrency() of the standard library.
unsigned simulated_random_device(void*) asm("_ZNSt13random_device9_M_getvalEv");
unsigned simulated_random_device(void*) {
    return fanion::test::present_machine ? static_cast<unsigned>(fanion::test::present_machine->random()()) : 4;
}
unsigned simulated_processors() asm("_ZNSt6thread20hardware_concurrencyEv");
unsigned simulated_processors() { return 1; }
