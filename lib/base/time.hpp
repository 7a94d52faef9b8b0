#pragma once
// Instants and durations as strong types, and their text forms (RFC 3339, Prometheus durations).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tocsin {

using Duration = std::chrono::microseconds;
/// Wall-clock time in UTC. Nothing below lib/shell ever asks for the current one.
using Instant = std::chrono::sys_time<Duration>;

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Reads a Prometheus duration: `1h30m`, `15s`, `250ms`, `3d`, `2w`, `1y`, `0`; units in falling
/// order, each at most once (Prometheus docs "time durations"). Negative ones are an error.
Result<Duration> parse_duration(std::string_view text);

/// Writes it the same way, exactly: `1h30m`, `0s`, `1500ms` as `1s500ms`.
std::string format_duration(Duration duration);

/// Reads RFC 3339 §5.6 with 0-9 fraction digits and any offset; finer than a microsecond is cut.
/// The year 0001 (Alertmanager's "no end") is read like any other.
Result<Instant> parse_rfc3339(std::string_view text);

/// Writes UTC with milliseconds and `Z`: `2026-03-01T02:00:00.000Z`.
std::string format_rfc3339(Instant instant);

/// Unix seconds with fraction, as Prometheus' API has them.
double to_unix_seconds(Instant instant);
Instant from_unix_seconds(double seconds);
double to_seconds(Duration duration);

}  // namespace tocsin
