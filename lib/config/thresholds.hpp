#pragma once
// Thresholds: `> 5m` in the rule's unit, and when one implies another.

#include <string_view>

#include "base/result.hpp"
#include "core/ruleset.hpp"

namespace tocsin::config {

/// A rule's `unit`; `none` when it names none.
enum class Unit : std::uint8_t { none, seconds, milliseconds, bytes, ratio, percent };

/// Reads `OPERATOR NUMBER[UNIT]`; operators `>`, `>=`, `<`, `<=`, `==`, `!=`; units are Prometheus
/// durations, `%`, and `B`, `KB`…`PB` (10³), `KiB`…`PiB` (2¹⁰), converted to `unit` (design
/// §4.2).
/// Errors say what was expected; `code` is `unit` when only the unit is wrong, and `field` holds
/// the byte offset into the text.
[[nodiscard]] Result<core::Comparison> parse_threshold(std::string_view text, Unit unit);

/// Every number that `inner` holds for, `outer` holds for too.
[[nodiscard]] bool implies(const core::Comparison& inner, const core::Comparison& outer);

}  // namespace tocsin::config
