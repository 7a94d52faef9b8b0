#pragma once
// Alerts: pushed by Alertmanager or Prometheus, or made by a Prometheus rule; judged one by one.

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// Alertmanager webhook v4 / POST /api/v2/alerts, one alert. Repeats change nothing; a firing that
/// arrives after its own resolve, or a resolve after a later firing, is recognised and ignored.
void see_alert(Draft& draft, const AlertSeen& alert);

/// Resolves what a polled Alertmanager no longer has (lost resolves).
void reconcile(Draft& draft, const AlertsListed& listed);

/// Timers of a pushed alert: a step's `for`, the clear hold, a lease that ran out.
void wake_alert(Draft& draft, Signal& signal);

/// Matches the alert against the ruleset anew: unchanged rules keep their tracks and clocks,
/// tracks of rules that no longer match end.
void rematch(Draft& draft, Signal& signal);

/// Labels with those of the source added; a label already there wins (design §4.2 "Sources").
[[nodiscard]] Labels with_source_labels(const Draft& draft, const Labels& labels,
                                        const std::string& source);

}  // namespace tocsin::core
