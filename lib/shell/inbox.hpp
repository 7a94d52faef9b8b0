#pragma once
// Input: what is offered to the engine, with the completion that is called once it is on disk.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "core/event.hpp"
#include "shell/store.hpp"

namespace tocsin::shell {

/// What became of an input.
struct Answer {
    enum class Kind : std::uint8_t {
        committed,      // on disk, with all that it caused; or there was nothing to store
        store_failing,  // undone: nothing of it has happened; offer it again later
        stopping,       // the daemon is going down: nothing of it has happened
    };
    Kind kind = Kind::committed;
    std::optional<Error> refusal;  // of the first command that was not carried out
    std::uint64_t incident = 0;    // the incident that a command was about or declared
};

/// One request, poll answer or delivery answer. Its events are stepped together and in order, and
/// are committed together.
struct Input {
    std::vector<core::Event> events;
    std::optional<JournalRow> journal;  // absent: journal_row() of each event; `at` is set later
    std::vector<std::pair<std::string, std::string>> documents;  // digest -> text, written once
    Instant received;
    /// Called as a task of the Runtime, exactly once; may be empty.
    std::function<void(const Answer&)> then;
};

/// False: the inbox is full (limits::inbox_items_max) and the input was not taken; its `then` is
/// never called. May be called from any thread.
using Offer = std::function<bool(Input)>;

}  // namespace tocsin::shell
