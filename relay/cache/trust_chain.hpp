#pragma once

// The trust document in force: the operator's first document and the successors learned since, one step at a time, each kept
// as `<version>.trust`. The disk is not believed: at every start the chain is walked from the operator's document again.
//
// One thread (the control thread); a document handed out is immutable and shared because checks on the pool still use it.

#include <memory>
#include <string>
#include <string_view>

#include "common/wire/trust.hpp"

namespace fanion::relay::cache {

class TrustChain {
public:
    // `first`: bytes of the operator's document. Error: it does not verify by itself.
    static Result<TrustChain> open(std::string directory, std::string_view first);

    // The same over another first document: whoever runs the relay has replaced it.
    Result<TrustChain> over(std::string_view first) const { return open(directory_, first); }

    std::shared_ptr<const wire::TrustDocument> current() const noexcept { return current_; }

    // The next step. Error: it is not a valid successor. `disk_problem` tells of a step that could not be kept: it is in force
    // all the same, and is asked for again after a restart.
    Result<> append(std::string_view bytes);
    const std::string& disk_problem() const noexcept { return disk_problem_; }

private:
    TrustChain(std::string directory, wire::TrustDocument first);
    void walk_disk();

    std::string directory_;
    std::shared_ptr<const wire::TrustDocument> current_;
    std::string disk_problem_;
};

}  // namespace fanion::relay::cache
