#include "control-plane/events/noted.hpp"

#include <algorithm>

namespace fanion::cp::events {
namespace {

// Environments' ids are unique in the installation, and names have no NUL.
std::string name_of(const AnswerNote& note) { return note.env_id.str() + '\0' + note.flag + '\0' + note.variation; }
std::string name_of(const CallerNote& note) {
    return note.env_id.str() + '\0' + note.flag + '\0' + note.relay + '\0' + note.sdk;
}

}  // namespace

std::vector<AnswerNote> Noted::unknown(const std::vector<AnswerNote>& notes) const {
    std::vector<AnswerNote> found;
    for (const auto& note : notes) {
        const auto at = answers_.find(name_of(note));
        const bool is_known = at != answers_.end() && at->second.first <= note.first && note.last <= at->second.last;
        if (!is_known) found.push_back(note);
    }
    return found;
}

std::vector<CallerNote> Noted::unknown(const std::vector<CallerNote>& notes) const {
    std::vector<CallerNote> found;
    for (const auto& note : notes) {
        const auto at = callers_.find(name_of(note));
        if (at == callers_.end() || at->second < note.last) found.push_back(note);
    }
    return found;
}

void Noted::add(const std::vector<AnswerNote>& notes) {
    make_room(notes.size());
    for (const auto& note : notes) {
        const auto [at, is_new] = answers_.try_emplace(name_of(note), Span{note.first, note.last});
        at->second.first = std::min(at->second.first, note.first);
        at->second.last = std::max(at->second.last, note.last);
    }
}

void Noted::add(const std::vector<CallerNote>& notes) {
    make_room(notes.size());
    for (const auto& note : notes) {
        auto& last = callers_[name_of(note)];
        last = std::max(last, note.last);
    }
}

void Noted::make_room(std::size_t more) {
    if (answers_.size() + callers_.size() + more <= most_) return;
    answers_.clear();
    callers_.clear();
}

}  // namespace fanion::cp::events
