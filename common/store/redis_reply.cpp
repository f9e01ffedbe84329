#include "common/store/redis_reply.hpp"

#include <new>
#include <utility>

namespace fanion::store {
namespace {

// Each takes far more memory than the few bytes that it may have on the wire.
constexpr std::size_t most_elements = 1'000'000;

RedisReply& outermost(const redisReadTask* task) {
    while (task->parent) task = task->parent;
    return *static_cast<RedisReply*>(task->obj);
}

// hiredis owns what these return until the reply is complete, and frees only the outermost. Null is an error.
RedisReply* attach(const redisReadTask* task, std::unique_ptr<RedisReply> reply) {
    if (!task->parent) return reply.release();
    if (++outermost(task).size > most_elements) return nullptr;
    auto& elements = static_cast<RedisReply*>(task->parent->obj)->elements;
    elements.push_back(std::move(reply));
    return elements.back().get();
}

RedisReply::Kind kind_of(int type) {
    return type == REDIS_REPLY_ERROR ? RedisReply::Kind::error : RedisReply::Kind::text;
}

void* make_text(const redisReadTask* task, char* text, std::size_t length) {
    auto reply = std::make_unique<RedisReply>();
    reply->kind = kind_of(task->type);
    reply->text.assign(text, length);
    return attach(task, std::move(reply));
}

// The number of elements is what the server announces: room is made when they arrive.
void* make_array(const redisReadTask* task, int /*elements*/) {
    auto reply = std::make_unique<RedisReply>();
    reply->kind = RedisReply::Kind::array;
    return attach(task, std::move(reply));
}

void* make_integer(const redisReadTask* task, long long value) {
    auto reply = std::make_unique<RedisReply>();
    reply->kind = RedisReply::Kind::integer;
    reply->integer = value;
    return attach(task, std::move(reply));
}

void* make_nil(const redisReadTask* task) { return attach(task, std::make_unique<RedisReply>()); }

void free_reply(void* reply) { delete static_cast<RedisReply*>(reply); }

redisReplyObjectFunctions functions{make_text, make_array, make_integer, make_nil, free_reply};

}  // namespace

RedisReplyReader::RedisReplyReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
    if (!reader_) throw std::bad_alloc();
}

Result<std::unique_ptr<RedisReply>> RedisReplyReader::feed(std::string_view bytes) {
    if (bytes.size() > remaining_) return Error{Errc::too_large, "the reply is larger than the limit"};
    remaining_ -= bytes.size();
    void* reply = nullptr;
    if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != 0 ||
        redisReaderGetReply(reader_.get(), &reply) != 0)
        return Error{Errc::unavailable, "the answer is not one of Redis"};
    return std::unique_ptr<RedisReply>(static_cast<RedisReply*>(reply));
}

}  // namespace fanion::store
