#pragma once
// Reload: a new ruleset takes over without touching incidents or deliveries in flight (design §7).

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// Called with the new ruleset already in the state. Signals of rules that are gone
/// become clear; of changed rules the clocks start anew; everything else stays as it is.
void rules_loaded(Draft& draft);

}  // namespace tocsin::core
