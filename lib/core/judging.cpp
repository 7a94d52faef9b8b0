// From a decision to what is done about it: hysteresis, spent signals, incidents, verdicts.
#include "core/judging.hpp"

#include <algorithm>

#include "core/communication.hpp"
#include "core/incidents.hpp"
#include "core/maintenance.hpp"
#include "core/monitoring.hpp"
#include "core/roles.hpp"

namespace tocsin::core {
namespace {

// What the track says after this reading.
struct Ruling {
    Outcome outcome;
    Severity severity;
    Because because;
};

Because because_of(Spent spent) {
    return spent == Spent::declined ? Because::declined : Because::closed_by_human;
}

// Has the clear condition held for its `for`? Runs that clock.
bool has_cleared(Track& track, const Rule& rule, bool clear_now, Instant at) {
    if (!clear_now) {
        track.clear_since.reset();
        return false;
    }
    if (!track.clear_since) track.clear_since = at;
    return at - *track.clear_since >= rule.clear.hold_for;
}

void leave_incident(Draft& draft, Signal& signal, Track& track) {
    std::uint64_t incident = std::exchange(track.incident, 0);
    if (incident == 0) return;
    track.clear_since.reset();
    draft.release(signal, incident);
    clear_if_over(draft, incident);
}

// A spent signal declares nothing until it has been clear, unless a more severe step holds.
Ruling rule_on_spent(Track& track, const Rule& rule, const Reading& reading,
                     const Decision& decision, Instant at) {
    bool worse = decision.outcome == Outcome::incident && decision.severity > track.spent_severity;
    bool cleared = has_cleared(track, rule, reads_clear(rule, reading, decision), at);
    if (!worse && !cleared) {
        return {Outcome::suppressed, Severity::none, because_of(track.spent)};
    }
    track.spent = Spent::no;
    track.spent_severity = Severity::none;
    track.clear_since.reset();
    return {decision.outcome, decision.severity, decision.because};
}

Ruling rule_on_open(Track& track, const Rule& rule, const Reading& reading,
                    const Decision& decision, Instant at) {
    if (decision.outcome == Outcome::incident) {
        track.clear_since.reset();
        return {decision.outcome, decision.severity, decision.because};
    }
    if (!has_cleared(track, rule, reads_clear(rule, reading, decision), at)) {
        return {Outcome::incident, track.severity, Because::not_clear_yet};
    }
    return {decision.outcome, decision.severity, decision.because};
}

Verdict verdict_of(const Draft& draft, const Signal& signal, const Track& track, const Rule& rule,
                   const Reading& reading, const Decision& decision) {
    Verdict verdict;
    verdict.rule = draft.text(track.rule);
    verdict.labels = signal.labels;
    verdict.outcome = track.outcome;
    verdict.severity = track.severity;
    verdict.value = reading.value;
    verdict.because = track.because;
    verdict.incident = track.incident;
    verdict.pending = decision.pending;
    const Step* spoken = lowest_incident_step(rule);  // what it would have taken
    const Step* cited = decision.step != nullptr ? decision.step : spoken;
    if (cited != nullptr) verdict.cite = cited->cite;
    const Step* measured = cited != nullptr && cited->when ? cited : spoken;
    if (measured != nullptr && measured->when) verdict.threshold = measured->when->text;
    return verdict;
}

// The reading makes an incident, or holds one open that `before` was part of. What a person has
// lowered stays low while the same signal goes on or comes back; a more severe step raises it.
void take_part(Draft& draft, Signal& signal, Track& track, const Rule& rule, const Reading& reading,
               const Decision& decision, const Track& before) {
    const Severity severity = track.severity;
    const bool joins = track.incident == 0;
    const bool raised = severity > before.severity;
    if (joins) {
        track.incident = declare_or_join(draft, signal, rule, reading, decision, severity);
        draft.hold(signal, track.incident);
    } else if (raised) {
        raise(draft, track.incident, signal, rule, reading, decision, severity);
    }
    if (joins || raised || before.because == Because::not_clear_yet) {
        resume_if_monitoring(draft, track.incident, signal, reading, decision, joins || raised);
    }
    if (decision.step != nullptr && decision.step->communicate) {
        communication_due(draft, track.incident, signal, rule, reading);
    }
}

}  // namespace

void judge(Draft& draft, Signal& signal, Track& track, const Rule& rule, const Reading& reading) {
    std::vector<Instant> clocks;  // since when each step holds; deciding forgets it
    if (!draft.state().windows.empty()) clocks = track.since;
    Decision decision = decide(rule, track, reading, draft.judged_at());
    Track before = track;
    Ruling ruling{decision.outcome, decision.severity, decision.because};
    if (track.spent != Spent::no) {
        ruling = rule_on_spent(track, rule, reading, decision, draft.judged_at());
    } else if (track.incident != 0) {
        ruling = rule_on_open(track, rule, reading, decision, draft.judged_at());
    }
    const bool declares = ruling.outcome == Outcome::incident && track.incident == 0;
    Expectation expected = expect(draft, signal, track, rule, decision, clocks, declares);
    if (expected.suppressed) ruling = {Outcome::suppressed, Severity::none, Because::maintenance};
    track.outcome = ruling.outcome;
    track.severity = ruling.severity;
    track.because = ruling.because;
    if (track.outcome == Outcome::incident && ruling.because != Because::not_clear_yet) {
        take_part(draft, signal, track, rule, reading, decision, before);
        if (!expected.outlived.empty()) {
            draft.note(track.incident, "tocsin", "maintenance", expected.outlived);
        }
    } else if (track.outcome != Outcome::incident && track.outcome != Outcome::in_doubt) {
        leave_incident(draft, signal, track);
    }
    bool changed = !before.judged || before.outcome != track.outcome ||
                   before.severity != track.severity || before.because != track.because ||
                   before.incident != track.incident || before.window != track.window;
    if (!changed) return;
    track.judged = true;
    Verdict verdict = verdict_of(draft, signal, track, rule, reading, decision);
    verdict.detail = std::move(expected.detail);
    if (verdict.incident == 0) verdict.incident = before.incident;  // the one that it just left
    if (!rule.tell.empty() && !expected.suppressed) {
        tell_of_verdict(draft, rule, verdict, title_of(draft, signal, rule, reading),
                        incident_key(rule, signal.labels));
    }
    draft.say(std::move(verdict));
}

void doubt(Draft& draft, Signal& signal, Track& track, const Rule& rule, Because because) {
    if (track.outcome == Outcome::in_doubt && track.because == because) return;
    track.outcome = Outcome::in_doubt;
    track.because = because;
    track.judged = true;
    draft.say(verdict_of(draft, signal, track, rule, Reading{}, Decision{}));
}

void end_track(Draft& draft, Signal& signal, Track& track, Because because) {
    track.outcome = Outcome::clear;
    track.severity = Severity::none;
    track.because = because;
    track.spent = Spent::no;
    Verdict verdict;
    verdict.incident = track.incident;
    leave_incident(draft, signal, track);
    unsuppress(draft, signal, track);
    verdict.rule = draft.text(track.rule);
    verdict.labels = signal.labels;
    verdict.because = because;
    draft.say(std::move(verdict));
}

bool is_idle(const Signal& signal) {
    return std::all_of(signal.tracks.begin(), signal.tracks.end(), [](const Track& track) {
        return track.incident == 0 && track.window == 0 && track.spent == Spent::no;
    });
}

std::optional<Instant> next_track_due(const Rule& rule, const Track& track) {
    std::optional<Instant> next = next_step_due(rule, track);
    if (track.clear_since && (track.incident != 0 || track.spent != Spent::no)) {
        Instant cleared = *track.clear_since + rule.clear.hold_for;
        if (!next || cleared < *next) next = cleared;
    }
    return next;
}

}  // namespace tocsin::core
