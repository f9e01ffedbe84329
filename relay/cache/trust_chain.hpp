#pragma once

// The trust document in force: the operator's first document and its successors received since,
// each kept on disk as `<version>.trust`. The disk is not trusted: at every start the chain is
// verified again from the operator's document.
//
// One thread (the control thread); a document handed out is immutable and shared because checks on
// the pool still use it.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/wire/trust.hpp"

namespace fanion::relay::cache {

class TrustChain {
public:
    // `first`: bytes of the operator's document. Blocking: reads the successors on disk. Error: its
    // own signatures do not verify.
    static Result<TrustChain> open(std::string directory, std::string_view first);

    std::shared_ptr<const wire::TrustDocument> current() const noexcept { return current_; }
    const std::string& directory() const noexcept { return directory_; }

    // In force at once, in memory; save_trust() stores it. Error: not a valid successor of
    // current().
    Result<> append(std::string_view bytes);
    // Appends those that follow current(): what another chain, opened from another first document,
    // holds and the disk may lack.
    using Successors = std::map<std::uint64_t, std::string>;  // by version
    void append_following(const Successors& successors);
    // All of them, so that files which are missing can be written again.
    const Successors& successors() const noexcept { return successors_; }
    // The first document and its successors, for those who ask for the newer ones.
    Successors documents() const;
    // Why a successor on disk could not be used when the chain was opened; empty: there was none,
    // or all were used.
    const std::string& disk_problem() const noexcept { return disk_problem_; }

private:
    TrustChain(std::string directory, wire::TrustDocument first);
    void load_successors();

    std::string directory_;
    std::shared_ptr<const wire::TrustDocument> first_;
    std::shared_ptr<const wire::TrustDocument> current_;
    Successors successors_;
    std::string disk_problem_;
};

// Whether the file of a successor is missing. Blocking: for the pool.
bool is_trust_missing(const std::string& directory, std::uint64_t version);

// Stores a successor that append() accepted. Blocking: for the pool. Error: internal; the successor
// is in force anyway, and is fetched again after a restart.
Result<> save_trust(const std::string& directory, std::uint64_t version, std::string_view bytes);

}  // namespace fanion::relay::cache
