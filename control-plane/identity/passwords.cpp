#include "control-plane/identity/passwords.hpp"

#include <argon2.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "common/base/crypto.hpp"

namespace fanion::cp::identity {
namespace {

namespace asio = boost::asio;

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

// On Linux, the niceness is a thread's.
void give_way() {
    static thread_local const int once = setpriority(PRIO_PROCESS, 0, 10);
    static_cast<void>(once);  // at worst the thread runs like the others
}

std::string hash_now(const PasswordCost& cost, const std::string& password) {
    give_way();
    const auto salt = random_bytes(salt_bytes);
    std::string encoded(argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, salt_bytes, hash_bytes, Argon2_id),
                        '\0');
    const int code = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(),
                                           salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
    if (code != ARGON2_OK) throw std::runtime_error(std::string("Argon2id: ") + argon2_error_message(code));
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool verify_now(const std::string& encoded, const std::string& password) {
    give_way();
    const int code = argon2id_verify(encoded.c_str(), password.data(), password.size());
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
    return code == ARGON2_OK;
}

std::string unpadded_base64(std::string_view bytes) {
    auto text = to_base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::string make_decoy_hash(const PasswordCost& cost) {
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_kib) + ",t=" + std::to_string(cost.passes) +
           ",p=" + std::to_string(cost.lanes) + "$" + unpadded_base64(std::string(salt_bytes, '\0')) + "$" +
           unpadded_base64(std::string(hash_bytes, '\0'));
}

Error busy() { return {Errc::unavailable, "too many sign-ins at the same time; try again in a few seconds", {}}; }

}  // namespace

// Gives the turn back, however the coroutine ends.
class Passwords::Turn {
public:
    explicit Turn(Passwords& owner) : owner_(owner) {}
    ~Turn() { owner_.leave(); }
    Turn(const Turn&) = delete;

private:
    Passwords& owner_;
};

Passwords::Passwords(PasswordCost cost)
    : cost_(cost), threads_(static_cast<unsigned>(cost.concurrent)), decoy_hash_(make_decoy_hash(cost)) {}

asio::awaitable<Result<std::string>> Passwords::hash(std::string password) {
    const bool admitted = co_await enter();
    if (!admitted) co_return busy();
    const Turn turn(*this);
    auto work = [cost = cost_, password] { return hash_now(cost, password); };
    auto encoded = co_await threads_.compute(std::move(work));
    co_return encoded;
}

asio::awaitable<Result<bool>> Passwords::verify(std::optional<std::string> encoded, std::string password) {
    const bool admitted = co_await enter();
    if (!admitted) co_return busy();
    const Turn turn(*this);
    auto work = [against = encoded ? *encoded : decoy_hash_, password] { return verify_now(against, password); };
    const bool matches = co_await threads_.compute(std::move(work));
    co_return matches&& encoded.has_value();
}

asio::awaitable<bool> Passwords::enter() {
    const auto executor = co_await asio::this_coro::executor;
    const auto waiter =
        std::make_shared<Waiter>(Waiter{asio::steady_timer(executor, asio::steady_timer::time_point::max())});
    const auto entry = begin(waiter);
    if (entry != Entry::wait) co_return entry == Entry::admitted;
    boost::system::error_code ec;
    co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (!is_admitted(waiter)) throw boost::system::system_error(ec);  // cancelled
    co_return true;
}

Passwords::Entry Passwords::begin(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    if (running_ < cost_.concurrent) {
        ++running_;
        return Entry::admitted;
    }
    if (waiting_.size() >= cost_.queue) return Entry::refused;
    waiting_.push_back(waiter);
    return Entry::wait;
}

// After the wait. Who is not admitted waits no longer.
bool Passwords::is_admitted(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    if (!waiter->is_admitted) waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), waiter), waiting_.end());
    return waiter->is_admitted;
}

// The next one takes over the turn. Its thread is in its wait, or comes to it before it runs what is posted here.
void Passwords::leave() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
        --running_;
        return;
    }
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    next->is_admitted = true;
    const auto executor = next->timer.get_executor();
    asio::post(executor, [woken = std::move(next)] { woken->timer.cancel(); });
}

}  // namespace fanion::cp::identity
