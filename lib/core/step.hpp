#pragma once
// The whole engine: one function over values, with no clock, I/O, thread or randomness.

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "core/effect.hpp"
#include "core/event.hpp"
#include "core/state.hpp"

namespace tocsin::core {

/// What an event caused (design §7 calls it Outcome; that word is a verdict's here). Empty: nothing
/// changed, nothing needs to be stored.
struct StepOutcome {
    std::vector<Change> changes;    // deliveries and timeline entries among them
    std::vector<Effect> effects;    // each also stands in `changes` as a ready delivery
    std::vector<Verdict> verdicts;  // those whose outcome, severity or reason changed
    std::optional<Error> refusal;   // a command that was not carried out, and why
    std::uint64_t incident = 0;     // the incident that a command was about or declared

    [[nodiscard]] bool empty() const {
        return changes.empty() && effects.empty() && verdicts.empty();
    }
};

/// Deterministic; mutates `state` in place in time proportional to what changed.
[[nodiscard]] StepOutcome step(State& state, const Event& event, Instant now);

/// When `step(Tick)` next has something to do. A Tick handles what is due, in order of (instant,
/// id), at most limits::ticks_per_batch_max entries.
[[nodiscard]] std::optional<Instant> next_wakeup(const State& state);

/// The delivery goes out in the transaction that ordered it: marks it `sending` in the state and in
/// the outcome alike, so that one fsync is enough.
void mark_sending(State& state, StepOutcome& outcome, std::uint64_t delivery);

}  // namespace tocsin::core
