#pragma once
// Closing: what must be done before an incident may be closed, and command `close` (H-60, H-63).

#include <string>
#include <vector>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// One thing that closing asks for.
struct ClosingPoint {
    std::string point;  // "cause", "fix", "signals", "banner", "status_page", "communication"
    bool done = false;
    bool needed = true;      // false: closing only reminds of it
    std::string what_to_do;  // one sentence, with what is known: which signals, since when
};

/// Every point that applies, in the order in which a person would do them. Cause and fix are those
/// of the incident. Points that do not apply (nothing was published) are left out.
[[nodiscard]] std::vector<ClosingPoint> close_checklist(const State& state,
                                                        const Incident& incident);

/// `cause: give it …; banner: turn it off`: the open points as one text; empty when none is.
[[nodiscard]] std::string open_points(const std::vector<ClosingPoint>& checklist, bool needed);

/// Command `close`, on an open incident: refused with every missing point in one message, unless
/// `force` gives a reason; then what was overridden stands on the timeline.
void close(Draft& draft, Incident& incident, const std::string& by, const Close& wish);

}  // namespace tocsin::core
