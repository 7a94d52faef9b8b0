#pragma once
// Ladder: the steps of a rule as written -> steps in order, each reachable, each with its severity.

#include "config/rule_file.hpp"
#include "config/scope.hpp"
#include "config/thresholds.hpp"
#include "core/ruleset.hpp"

namespace tocsin::config {

/// Fills ladder, has_thresholds and clear of `rule`; notes every problem.
void compile_ladder(const RuleRow& row, Unit unit, const Scope& scope, core::Rule& rule);

}  // namespace tocsin::config
