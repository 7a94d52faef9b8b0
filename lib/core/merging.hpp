#pragma once
// Merging and reopening: a person says that two incidents are one, or that one is not over.

#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// Command `merge`, on an open incident: its signals and keys go over to the other one, which takes
/// the higher severity (and pages anew if it rises); it closes, "merged into INC-7". Later alerts
/// of its key join the other one until that has ended.
void merge(Draft& draft, Incident& incident, const std::string& by, const Merge& wish);

/// Command `reopen`, on an ended incident that is still in memory: a new episode, active, led and
/// acknowledged by who reopened it, and paged. Its signals that still hold are judged again.
/// Refused when a newer incident has taken its key.
void reopen_by_hand(Draft& draft, Incident& incident, const std::string& by, const Reopen& wish);

}  // namespace tocsin::core
