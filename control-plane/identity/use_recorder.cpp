#include "control-plane/identity/use_recorder.hpp"

#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

awaitable<void> write_use(db::Pool& pool, Use use) {
    auto tx = co_await pool.begin(db::Scope::none());
    if (use.token_id.empty()) {
        co_await record_session_use(tx, use.session_id, use.place, use.minute);
    } else {
        co_await tokens::record_token_use(tx, use.token_id, use.minute);
    }
    co_await tx.commit();
}

// Forgets the use however its writing ends.
struct Writing {
    std::shared_ptr<std::set<std::string>> ids;
    std::string id;
    ~Writing() { ids->erase(id); }
};

}  // namespace

void UseRecorder::note(Use use) {
    if (writing_->size() >= most_writes || !writing_->insert(use.id()).second) return;
    tasks_.spawn("note_use", write(std::move(use)));
}

awaitable<void> UseRecorder::write(Use use) {
    const Writing writing{writing_, use.id()};
    try {
        co_await write_use(pool_, std::move(use));
    } catch (const db::PgError& error) {
        log_.warn("use_not_recorded", {{"detail", error.what()}});
    }
}

}  // namespace fanion::cp::identity
