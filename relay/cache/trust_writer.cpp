#include "relay/cache/trust_writer.hpp"

#include <functional>
#include <utility>

namespace fanion::relay::cache {

void TrustWriter::write(const TrustChain::Successors& documents) {
    for (const auto& [version, bytes] : documents) pending_.insert_or_assign(version, bytes);
    if (!pending_.empty()) deps_.tasks.spawn("trust_writer", run());
}

void TrustWriter::write_all(const TrustChain::Successors& chain) {
    pending_.clear();
    write(chain);
}

boost::asio::awaitable<void> TrustWriter::run() {
    auto storing = store();
    static_cast<void>(co_await std::move(storing));  // noted; housekeeping tries again
}

boost::asio::awaitable<Result<>> TrustWriter::store() {
    const auto failures = failures_;
    auto taking = turns_.take();
    const auto turn = co_await std::move(taking);
    if (failures_ != failures && !last_) co_return last_;
    while (!pending_.empty()) {
        const auto [version, bytes] = *pending_.begin();  // copies: the chain may be replaced meanwhile
        const std::function<Result<>()> save = [directory = directory_, number = version, document = bytes] {
            return save_trust(directory, number, document);
        };
        const Result<> written = co_await deps_.pool.compute(save);
        note(version, written);
        if (!written) co_return written;
        const auto at = pending_.find(version);
        if (at != pending_.end() && at->second == bytes) pending_.erase(at);
    }
    co_return boost::system::in_place_value;
}

void TrustWriter::note(std::uint64_t version, const Result<>& written) {
    const bool is_known = !written && !last_ && written.error().detail == last_.error().detail;
    last_ = written;
    if (written) return;
    ++failures_;
    deps_.metrics.disk_failures.add();
    if (!is_known)  // it is tried again for as long as the disk refuses it
        deps_.log.error("trust_write_failed", {{"version", version}, {"problem", written.error().detail}});
}

}  // namespace fanion::relay::cache
