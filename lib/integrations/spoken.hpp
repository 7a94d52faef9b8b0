#pragma once
// Instants, durations and measured values as a person says them.

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace tocsin::integrations {

/// `2026-03-01 02:00:00 UTC`
[[nodiscard]] std::string spoken(Instant instant);
/// The same with milliseconds and without the zone, for lists that say it once.
[[nodiscard]] std::string precise(Instant instant);
/// The two largest units: `14 minutes`, `2 hours 5 minutes`, `3 days`; below a second,
/// milliseconds.
[[nodiscard]] std::string spoken(Duration duration);
/// The same without the seconds from a minute on: `14 minutes`.
[[nodiscard]] std::string roughly(Duration duration);
/// `14 minutes ago`, `just now`, or `in 5 minutes`.
[[nodiscard]] std::string ago(Instant instant, Instant now);

/// A value in its rule's unit (design §4.2): `6m 41s`, `1.5 GiB`, `95 %`, `12.25`.
[[nodiscard]] std::string measured(double value, std::string_view unit);

}  // namespace tocsin::integrations
