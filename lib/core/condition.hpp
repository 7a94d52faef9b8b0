#pragma once
// Conditions: what tocsin notices of itself (a silent source, a refused delivery), as built-in
// rules.

#include <string>
#include <string_view>
#include <vector>

#include "base/labels.hpp"
#include "core/draft.hpp"
#include "core/ruleset.hpp"

namespace tocsin::core {

inline constexpr std::string_view condition_source = "tocsin/source";
inline constexpr std::string_view condition_no_data = "tocsin/no-data";
inline constexpr std::string_view condition_intake = "tocsin/intake";
inline constexpr std::string_view condition_integration = "tocsin/integration";

/// Their rules: one step, a severity, a citation, and how long they must be over before they clear.
[[nodiscard]] std::vector<Rule> condition_rules();

/// The condition holds (or no longer does) for the one label of its rule, e.g. source="us". Its
/// incident is keyed `source/us`. `detail` is shown in the title. Repeating it changes nothing.
void set_condition(Draft& draft, std::string_view rule, std::string_view label_value, bool holds,
                   const std::string& detail);

/// The clear hold of a condition that is over has run out.
void wake_condition(Draft& draft, Signal& signal);

}  // namespace tocsin::core
