#include "common/store/redis_store.hpp"

#include <hiredis/hiredis.h>
#include <poll.h>

#include <algorithm>
#include <array>

namespace fanion::store {

using Clock = std::chrono::steady_clock;

namespace {

constexpr auto longest_command = std::chrono::seconds(30);
constexpr auto stop_interval = std::chrono::milliseconds(200);  // between looks at whether the program is stopping
constexpr std::size_t overhead = 1024;                          // of the protocol around a bulk string

std::string format_command(std::initializer_list<std::string_view> words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> lengths;
    for (const auto word : words) {
        texts.push_back(word.data());
        lengths.push_back(word.size());
    }
    char* formatted = nullptr;
    const int length = redisFormatCommandArgv(&formatted, static_cast<int>(texts.size()), texts.data(), lengths.data());
    if (length < 0) throw std::bad_alloc();
    std::string command(formatted, static_cast<std::size_t>(length));
    redisFreeCommand(formatted);
    return command;
}

// The first word of an error, which is its kind; what follows may repeat what was sent.
Error reply_error(const RedisReply& reply) {
    const auto kind = reply.text.substr(0, std::min<std::size_t>(reply.text.find(' '), 32));
    const bool is_denied = kind == "NOAUTH" || kind == "WRONGPASS" || kind == "NOPERM";
    return {is_denied ? Errc::forbidden : Errc::unavailable, "Redis says " + kind};
}

}  // namespace

Result<> RedisStore::connect() {
    const auto credentials = read_credentials(access_);
    if (!credentials) return credentials.error();
    curl_ = make_curl(access_);
    replies_.emplace();
    const auto url = (location_.tls ? "https://" : "http://") + location_.host + ":" + std::to_string(location_.port);
    set_curl(curl_, CURLOPT_URL, url.c_str());
    set_curl(curl_, CURLOPT_CONNECT_ONLY, 1L);
    set_curl(curl_, CURLOPT_SSL_ENABLE_ALPN, 0L);
    set_curl(curl_, CURLOPT_PROXY, "");
    if (const auto code = curl_easy_perform(curl_.get()); code != CURLE_OK) return curl_error(code);
    if (!credentials->redis_password.empty()) {
        const auto user = credentials->redis_user.empty() ? std::string("default") : credentials->redis_user;
        const auto done = exchange({"AUTH", user, credentials->redis_password}, short_reply);
        if (!done) return done.error();
    }
    if (location_.database == 0) return {};
    const auto done = exchange({"SELECT", std::to_string(location_.database)}, short_reply);
    if (!done) return done.error();
    return {};
}

Result<RedisStore::Reply> RedisStore::command(Words words, std::size_t limit) {
    if (!curl_) {
        if (auto connected = connect(); !connected) {
            curl_.reset();
            return connected.error();
        }
    }
    auto reply = exchange(words, limit);
    if (!reply) curl_.reset();
    return reply;
}

Result<RedisStore::Reply> RedisStore::exchange(Words words, std::size_t limit) {
    const auto deadline = Clock::now() + longest_command;
    if (auto written = write(format_command(words), deadline); !written) return written.error();
    replies_->begin(limit);
    auto reply = read(deadline);
    if (reply && (*reply)->kind == RedisReply::Kind::error) return reply_error(**reply);
    return reply;
}

Result<> RedisStore::wait(short events, Clock::time_point deadline) const {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD) return Error{Errc::network, "the connection was closed"};
    for (;;) {
        if (access_.is_stopped()) return Error{Errc::unavailable, "the program is stopping"};
        if (Clock::now() >= deadline) return Error{Errc::timed_out, "no answer in time"};
        pollfd waiting{socket, events, 0};
        if (::poll(&waiting, 1, static_cast<int>(stop_interval.count())) > 0) return {};
    }
}

Result<> RedisStore::write(std::string_view bytes, Clock::time_point deadline) {
    while (!bytes.empty()) {
        std::size_t sent = 0;
        const auto code = curl_easy_send(curl_.get(), bytes.data(), bytes.size(), &sent);
        if (code != CURLE_OK && code != CURLE_AGAIN) return curl_error(code);
        bytes.remove_prefix(sent);
        if (code != CURLE_AGAIN) continue;
        if (auto ready = wait(POLLOUT, deadline); !ready) return ready;
    }
    return {};
}

Result<RedisStore::Reply> RedisStore::read(Clock::time_point deadline) {
    std::array<char, 64 * 1024> buffer;
    for (;;) {
        std::size_t received = 0;
        const auto code = curl_easy_recv(curl_.get(), buffer.data(), buffer.size(), &received);
        if (code == CURLE_AGAIN) {
            if (auto ready = wait(POLLIN, deadline); !ready) return ready.error();
            continue;
        }
        if (code != CURLE_OK) return curl_error(code);
        if (received == 0) return Error{Errc::network, "the connection was closed"};
        if (Clock::now() >= deadline) return Error{Errc::timed_out, "no answer in time"};
        auto reply = replies_->feed({buffer.data(), received});
        if (!reply || *reply) return reply;
    }
}

Result<std::vector<std::string>> RedisStore::list() {
    auto reply = command({"HKEYS", location_.key}, 2 * most_names_bytes);
    if (!reply) return reply.error();
    if ((*reply)->kind != RedisReply::Kind::array) return Error{Errc::unavailable, "the answer is not a list"};
    std::vector<std::string> names;
    for (auto& element : (*reply)->elements) names.push_back(std::move(element->text));
    return names;
}

Result<std::string> RedisStore::get(const std::string& name, std::size_t limit) {
    auto reply = command({"HGET", location_.key, name}, limit + overhead);
    if (!reply) return reply.error();
    if ((*reply)->kind == RedisReply::Kind::nil) return Error{Errc::not_found, "there is no " + name};
    if ((*reply)->kind != RedisReply::Kind::text) return Error{Errc::unavailable, "the answer is not a text"};
    if ((*reply)->text.size() > limit) return Error{Errc::too_large, "the object is larger than the limit"};
    return std::move((*reply)->text);
}

Result<> RedisStore::put(const std::string& name, std::string_view bytes) {
    const auto reply = command({"HSET", location_.key, name, bytes});
    if (!reply) return reply.error();
    return {};
}

Result<> RedisStore::remove(const std::string& name) {
    const auto reply = command({"HDEL", location_.key, name});
    if (!reply) return reply.error();
    return {};
}

}  // namespace fanion::store
