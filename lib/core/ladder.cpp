// Decides on a ladder: the first step that holds and whose clock has run out.
#include "core/ladder.hpp"

#include <algorithm>

namespace tocsin::core {
namespace {

bool step_holds(const Step& step, const Reading& reading) {
    if (!reading.present) return false;
    if (!step.when) return true;
    return reading.value && step.when->holds(*reading.value);
}

bool has_clocks(const Rule& rule) {
    return std::any_of(rule.ladder.begin(), rule.ladder.end(),
                       [](const Step& step) { return step.hold_for > Duration::zero(); });
}

// True once the step has held for its `for`; marks it elapsed so that its timer is not due again.
bool run_clock(Instant& since, const Step& step, bool holds, Instant at) {
    if (!holds) {
        since = clock_unset;
        return false;
    }
    if (since == clock_unset) since = at;
    if (since != clock_elapsed && at - since >= step.hold_for) since = clock_elapsed;
    return since == clock_elapsed;
}

// "Otherwise" decides because nothing above it does; a rule without thresholds, because of what
// was read.
Because because_of(const Rule& rule, const Step& step, const Reading& reading) {
    if (step.when) return Because::step_holds;
    return rule.has_thresholds ? Because::no_step_holds : reading.present_because;
}

std::string step_name(const Step& step) {
    return step.when ? step.when->text : std::string(name(step.severity));
}

// The ladder's most severe step, for a value that cannot be read; it decides without communicating.
Decision over_estimate(const Rule& rule) {
    Decision decision;
    for (const Step& step : rule.ladder) {
        if (step.outcome != Outcome::incident || step.severity <= decision.severity) continue;
        decision.outcome = Outcome::incident;
        decision.severity = step.severity;
    }
    decision.because = Because::value_unreadable;
    decision.incident_step_holds = decision.outcome == Outcome::incident;
    return decision;
}

}  // namespace

const Step* lowest_incident_step(const Rule& rule) {
    const Step* lowest = rule.ladder.empty() ? nullptr : &rule.ladder.front();
    for (const Step& step : rule.ladder) {
        if (step.outcome == Outcome::incident) lowest = &step;
    }
    return lowest;
}

Decision decide(const Rule& rule, Track& track, const Reading& reading, Instant at) {
    if (reading.present && reading.unreadable) return over_estimate(rule);
    if (has_clocks(rule)) track.since.resize(rule.ladder.size(), clock_unset);

    Decision decision;
    bool decided = false;
    bool incident_waits = false;
    for (std::size_t i = 0; i < rule.ladder.size(); ++i) {
        const Step& step = rule.ladder[i];
        bool holds = step_holds(step, reading);
        bool elapsed = track.since.empty() ? holds : run_clock(track.since[i], step, holds, at);
        if (holds && step.outcome == Outcome::incident) decision.incident_step_holds = true;
        if (holds && !elapsed && !decided && !decision.pending) {
            decision.pending =
                PendingStep{step_name(step), track.since[i], track.since[i] + step.hold_for};
            incident_waits = step.outcome == Outcome::incident;
        }
        if (elapsed && !decided) {
            decided = true;
            decision.outcome = step.outcome;
            decision.severity = step.severity;
            decision.because = because_of(rule, step, reading);
            decision.step = &step;
        }
    }
    if (decision.pending && incident_waits && decision.outcome != Outcome::incident) {
        decision.outcome = Outcome::pending;
        decision.severity = Severity::none;
        decision.because = Because::waiting_for;
        decision.step = nullptr;
    } else if (!decided && !reading.present) {
        decision.because = reading.absent_because;
    }
    return decision;
}

bool reads_clear(const Rule& rule, const Reading& reading, const Decision& decision) {
    if (!reading.present) return true;
    if (rule.clear.when) return reading.value && rule.clear.when->holds(*reading.value);
    return !decision.incident_step_holds;
}

std::optional<Instant> next_step_due(const Rule& rule, const Track& track) {
    std::optional<Instant> next;
    for (std::size_t i = 0; i < track.since.size() && i < rule.ladder.size(); ++i) {
        Instant since = track.since[i];
        if (since == clock_unset || since == clock_elapsed) continue;
        Instant due = since + rule.ladder[i].hold_for;
        if (!next || due < *next) next = due;
    }
    return next;
}

std::size_t step_rank(const Rule& rule, double value) {
    auto holds = [&](const Step& step) { return !step.when || step.when->holds(value); };
    auto first = std::find_if(rule.ladder.begin(), rule.ladder.end(), holds);
    return static_cast<std::size_t>(first - rule.ladder.begin());
}

}  // namespace tocsin::core
