#pragma once
// Prometheus alert rules (`alert: Name` + `expr:`): from series to alerts, with Prometheus' own
// semantics (rules/alerting.go: pending, firing, keep_firing_for; empty is resolved).

#include "core/draft.hpp"
#include "core/event.hpp"
#include "core/ruleset.hpp"

namespace tocsin::core {

/// One complete answer of one source. Alerts that begin or end are judged by the `alert:` rules as
/// if the source had pushed them.
void see_prometheus_answer(Draft& draft, const Rule& rule, const SourceAnswer& answer);

/// The rule is gone: its alerts are resolved and its series forgotten.
void end_prometheus_series(Draft& draft, std::uint64_t signal);

}  // namespace tocsin::core
