#pragma once
// Rules that the tests of the engine share, written as values.

#include <string>
#include <utility>
#include <vector>

#include "core/ruleset.hpp"

namespace tocsin::core::testing {

Instant start_of_time();

/// A ladder step that declares when the value is strictly over the threshold.
Step over(double threshold, Severity severity, Duration hold_for = {});

Rule alert_rule(std::string name, const std::string& matchers, Severity severity,
                std::vector<std::string> per = {});

/// The handbook's ingestion lag (design §4.2), in seconds.
Rule lag_rule();

}  // namespace tocsin::core::testing
