#pragma once
// Judging: what a reading does to one track of one signal, from verdict to incident and back.

#include "core/draft.hpp"
#include "core/ladder.hpp"
#include "core/ruleset.hpp"
#include "core/signal.hpp"

namespace tocsin::core {

/// Judges the reading by the rule, with hysteresis and spent signals (design §4.2 "Clearing", §5);
/// declares, joins, raises or leaves the incident; stores the verdict if it changed.
/// `signal` must be under edit in the draft, `track` one of its tracks.
void judge(Draft& draft, Signal& signal, Track& track, const Rule& rule, const Reading& reading);

/// Nothing can be read: keeps the last state and says so (verdict `in_doubt`).
void doubt(Draft& draft, Signal& signal, Track& track, const Rule& rule, Because because);

/// The track ends (its rule is gone): it leaves its incident at once, with the reason.
void end_track(Draft& draft, Signal& signal, Track& track, Because because);

/// The signal holds nothing and is not spent, so that it may be forgotten once it is over.
[[nodiscard]] bool is_idle(const Signal& signal);

/// The track's earliest timer for signals that no evaluation will visit (alerts, conditions).
[[nodiscard]] std::optional<Instant> next_track_due(const Rule& rule, const Track& track);

}  // namespace tocsin::core
