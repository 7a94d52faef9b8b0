#pragma once
// Dossier: one incident with everything that was written about it, as the read store has it.

#include <optional>
#include <string>
#include <vector>

#include "core/effect.hpp"
#include "core/incident.hpp"
#include "core/ruleset.hpp"
#include "core/verdict.hpp"

namespace tocsin::integrations {

struct Dossier {
    core::Incident incident;
    std::vector<core::TimelineEntry> timeline;  // oldest first
    std::vector<core::Verdict> verdicts;        // oldest first
    std::vector<core::Delivery> deliveries;     // oldest first
    bool complete = true;  // false: a bound was reached, and only the newest rows are here
};

/// What the incident's rule says of its value; empty once the rule is gone.
struct Measure {
    std::string unit;
    std::optional<double> threshold;  // of the step that decided, in that unit
};
[[nodiscard]] Measure measure_of(const core::Ruleset& ruleset, const core::Incident& incident);

}  // namespace tocsin::integrations
