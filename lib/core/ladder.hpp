#pragma once
// The ladder: from one reading to a decision, with each step's own clock (design §4.2 "Ladder").

#include <optional>
#include <string>

#include "core/ruleset.hpp"
#include "core/signal.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

/// What a rule is judged on at one instant.
struct Reading {
    bool present = true;                       // alert firing, series returned, condition holding
    std::optional<double> value;               // where the rule has thresholds
    bool unreadable = false;                   // it should have a value, but none could be read
    Because absent_because = Because::absent;  // why not present
    Because present_because = Because::rule_matches;  // why present, where no threshold says it
};

struct Decision {
    Outcome outcome = Outcome::clear;
    Severity severity = Severity::none;
    Because because = Because::no_step_holds;
    const Step* step = nullptr;  // the step that decided, if one did
    std::optional<PendingStep> pending;
    bool incident_step_holds =
        false;  // some incident step's `when` holds, its `for` elapsed or not
};

/// What a verdict names when no step with a threshold decided: the lowest step that would have
/// declared, else the first; nullptr for a rule without steps.
[[nodiscard]] const Step* lowest_incident_step(const Rule& rule);

/// Runs the clocks of the track's steps and decides. Does not touch anything but `track.since`.
[[nodiscard]] Decision decide(const Rule& rule, Track& track, const Reading& reading, Instant at);

/// The clear condition as read now (without its `for`): `clear.when`, or no incident step holds.
[[nodiscard]] bool reads_clear(const Rule& rule, const Reading& reading, const Decision& decision);

/// When a waiting step's `for` elapses, the earliest of them.
[[nodiscard]] std::optional<Instant> next_step_due(const Rule& rule, const Track& track);

/// Index of the first step whose `when` holds for the value, `for` ignored; the ladder's size if
/// none does. The lower, the more severe (for `agree: all`).
[[nodiscard]] std::size_t step_rank(const Rule& rule, double value);

}  // namespace tocsin::core
