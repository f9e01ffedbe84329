#pragma once

// The trust document in force: the operator's first document and its successors received since, each kept on disk as
// `<version>.trust`. The disk is not trusted: at every start the chain is verified again from the operator's document.
//
// One thread (the control thread); a document handed out is immutable and shared because checks on the pool still use
// it.

#include <memory>
#include <string>
#include <string_view>

#include "common/wire/trust.hpp"

namespace fanion::relay::cache {

class TrustChain {
public:
    // `first`: bytes of the operator's document. Error: its own signatures do not verify.
    static Result<TrustChain> open(std::string directory, std::string_view first);

    // The same from another first document: the operator has replaced it.
    Result<TrustChain> over(std::string_view first) const { return open(directory_, first); }

    std::shared_ptr<const wire::TrustDocument> current() const noexcept { return current_; }

    // Error: not a valid successor of current(). A successor that could not be stored is in force all the same, and
    // is fetched again after a restart; disk_problem() then has the reason.
    Result<> append(std::string_view bytes);
    const std::string& disk_problem() const noexcept { return disk_problem_; }

private:
    TrustChain(std::string directory, wire::TrustDocument first);
    void load_successors();

    std::string directory_;
    std::shared_ptr<const wire::TrustDocument> current_;
    std::string disk_problem_;
};

}  // namespace fanion::relay::cache
