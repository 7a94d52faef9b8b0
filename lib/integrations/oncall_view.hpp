#pragma once
// Who was, is and will be on call, as the HTTP API shows it (handbook H-41, H-71, H-72).

#include <optional>
#include <string>

#include "base/result.hpp"
#include "core/roster.hpp"

namespace tocsin::integrations {

struct OncallQuestion {
    Instant at;
    std::optional<core::Interval> range;  // also lists the shifts that touch it
};

/// `{"at","on_call","levels":[{"notify","people","wait"}],"schedules":[{"name","on_call","others",
/// "since","until","next"}],"expanded":{"from","until"}}`, and with a range
/// `"shifts":[{"schedule","from","until","people","others"}]`. `since` and `until` are null where
/// the expansion ends before the shift does. Without an on-call file the lists are empty. Errors:
/// `out_of_range` (field `at`, `from` or `to`) beyond what is expanded, `too_many` shifts.
[[nodiscard]] Result<std::string> oncall_json(const core::Roster& roster,
                                              const OncallQuestion& question);

}  // namespace tocsin::integrations
